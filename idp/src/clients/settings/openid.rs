//! Settings of libraries for OpenID Connect.

use ::esia::language::pick;
use url::Url;

use super::{
    browser, by_hand, frameworks,
    setting::{Library, Setting, library, setting},
    values::{Values, double_quoted, single_quoted_code},
};
use crate::clients::ClientAuth;

/// Settings of all libraries that can authenticate as registered: with a secret, with an RSA key, or not at all.
pub(super) fn all(values: &Values, is_gost: bool) -> Vec<Setting> {
    let mut all = match values.secret() {
        Some(secret) => {
            let libraries = [by_secret(values, secret), express(values, secret), passport(values, secret)];
            let mut all: Vec<_> = libraries.into_iter().chain([authlib(values, secret)]).collect();
            all.extend(frameworks::by_secret(values, secret));
            all
        }
        None if values.oidc.is_public() => browser::all(values),
        // Only an RSA key can sign a client assertion here.
        None if is_gost => return Vec::new(),
        None => vec![by_key(values)],
    };
    all.push(by_hand::openid(values));
    all
}

fn by_secret(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let text = format!(
        "import * as oidc from 'openid-client';

const config = await oidc.discovery(
  new URL('{base}'),
  '{mnemonic}',
  {},
  {},{}
);
{}",
        single_quoted_code(secret),
        if is_basic(values) { "oidc.ClientSecretBasic()" } else { "undefined" },
        over_http(values),
        parameters(values),
    );
    setting(OPENID_CLIENT, text, None)
}

const OPENID_CLIENT: Library = library("openid-client", "JavaScript", "npm: openid-client");

/// Option that allows `http`, which the library otherwise refuses.
fn over_http(values: &Values) -> &'static str {
    if values.base.starts_with("https://") { "" } else { "\n  { execute: [oidc.allowInsecureRequests] }," }
}

/// Parameters of the authorization request.
fn parameters(values: &Values) -> String {
    let (redirect, scope) = (&values.redirect, values.scope());
    format!("const parameters = {{ redirect_uri: '{redirect}', scope: '{scope}' }};\n")
}

fn by_key(values: &Values) -> Setting {
    let Values { base, mnemonic, key, .. } = values;
    let text = format!(
        "import {{ webcrypto }} from 'node:crypto';
import fs from 'node:fs';
import * as oidc from 'openid-client';

const pem = fs.readFileSync('{key}', 'utf8').replace(/-----[^-]+-----|\\s/g, '');
const algorithm = {{ name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }};
const key = await webcrypto.subtle.importKey('pkcs8', Buffer.from(pem, 'base64'), algorithm, false, ['sign']);
const config = await oidc.discovery(
  new URL('{base}'),
  '{mnemonic}',
  undefined,
  oidc.PrivateKeyJwt(key),{}
);
{}",
        over_http(values),
        parameters(values),
    );
    setting(OPENID_CLIENT, text, None)
}

/// Whether the client is registered for `Authorization: Basic` alone.
fn is_basic(values: &Values) -> bool {
    values.oidc.auth_method == Some(ClientAuth::ClientSecretBasic)
}

fn express(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let (scope, secret) = (values.scope(), single_quoted_code(secret));
    let (redirect, note) = values.redirect_at("/callback");
    let site = Url::parse(redirect).map(|uri| uri.origin().ascii_serialization()).unwrap_or_default();
    let method = if is_basic(values) { "client_secret_basic" } else { "client_secret_post" };
    let for_cookies = pick("длинная случайная строка для cookie сайта", "a long random string for cookies of the site");
    let text = format!(
        "const {{ auth }} = require('express-openid-connect');

app.use(auth({{
  issuerBaseURL: '{base}',
  baseURL: '{site}',
  clientID: '{mnemonic}',
  clientSecret: {secret},
  clientAuthMethod: '{method}',
  secret: '{for_cookies}',
  authorizationParams: {{ response_type: 'code', scope: '{scope}' }},
}}));
"
    );
    setting(library("express-openid-connect", "JavaScript, Express", "npm: express-openid-connect"), text, note)
}

fn passport(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    // The strategy adds `openid` itself.
    let scopes: Vec<_> =
        values.scopes.iter().filter(|scope| **scope != "openid").map(|scope| format!("'{scope}'")).collect();
    let (scopes, secret) = (scopes.join(", "), single_quoted_code(secret));
    let text = format!(
        "const OpenIDConnectStrategy = require('passport-openidconnect');

const strategy = new OpenIDConnectStrategy({{
  issuer: '{base}',
  authorizationURL: '{base}/oidc/authorize',
  tokenURL: '{base}/oidc/token',
  userInfoURL: '{base}/oidc/userinfo',
  clientID: '{mnemonic}',
  clientSecret: {secret},
  callbackURL: '{redirect}',
  scope: [{scopes}],
  skipUserProfile: false,
}}, verify);
"
    );
    let note = pick(
        "verify — ваша функция (issuer, uiProfile, idProfile, context, idToken, accessToken, refreshToken, params, done): с \
         девятью параметрами все данные человека — в uiProfile._json",
        "verify is your function (issuer, uiProfile, idProfile, context, idToken, accessToken, refreshToken, params, done): \
         with nine parameters all data of the person are in uiProfile._json",
    );
    let passport = library("passport-openidconnect", "JavaScript, Express", "npm: passport-openidconnect");
    setting(passport, text, Some(note.to_owned()))
}

fn authlib(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let (scope, secret) = (values.scope(), double_quoted(secret));
    let method = if is_basic(values) { "client_secret_basic" } else { "client_secret_post" };
    let text = format!(
        r#"import requests
from authlib.integrations.requests_client import OAuth2Session

found = requests.get("{base}/.well-known/openid-configuration", timeout=30).json()
session = OAuth2Session(
    "{mnemonic}",
    {secret},
    token_endpoint_auth_method="{method}",
    scope="{scope}",
    redirect_uri="{redirect}",
    code_challenge_method="S256",
)
"#
    );
    setting(library("Authlib", "Python", "PyPI: Authlib"), text, None)
}
