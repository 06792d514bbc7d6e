//! Libraries of OpenID Connect.

use super::{Door, Setting, Values};

fn setting(
    (library, language, origin): (&'static str, &'static str, &'static str),
    text: String,
    note: Option<String>,
) -> Setting {
    Setting { library, language, origin, door: Door::OpenidConnect, text, note }
}

/// Those that can prove who they are in the way that is registered: by a secret, or by an RSA key.
pub(super) fn all(values: &Values, is_gost: bool) -> Vec<Setting> {
    match &values.oidc.secret {
        Some(secret) => vec![by_secret(values, secret), authlib(values, secret), spring(values, secret)],
        None if is_gost || values.oidc.is_public() => Vec::new(),
        None => vec![by_key(values)],
    }
}

fn by_secret(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let text = format!(
        "import * as oidc from 'openid-client';

const config = await oidc.discovery(
  new URL('{base}'),
  '{mnemonic}',
  '{}',
  undefined,
  {{ execute: [oidc.allowInsecureRequests] }},
);
{}",
        escaped(secret, '\''),
        parameters(values),
    );
    setting(OPENID_CLIENT, text, None)
}

const OPENID_CLIENT: (&str, &str, &str) = ("openid-client", "JavaScript", "npm: openid-client");

/// With what a person is sent to the provider.
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
  oidc.PrivateKeyJwt(key),
  {{ execute: [oidc.allowInsecureRequests] }},
);
{}",
        parameters(values),
    );
    setting(OPENID_CLIENT, text, None)
}

fn authlib(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let (scope, secret) = (values.scope(), escaped(secret, '"'));
    let text = format!(
        r#"import requests
from authlib.integrations.requests_client import OAuth2Session

found = requests.get("{base}/.well-known/openid-configuration", timeout=30).json()
session = OAuth2Session(
    "{mnemonic}",
    "{secret}",
    scope="{scope}",
    redirect_uri="{redirect}",
    code_challenge_method="S256",
)
"#
    );
    setting(("Authlib", "Python", "PyPI: Authlib"), text, None)
}

fn spring(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let (scopes, secret) = (values.scopes.join(", "), escaped(secret, '"'));
    let text = format!(
        r#"spring:
  security:
    oauth2:
      client:
        registration:
          esia:
            client-id: {mnemonic}
            client-secret: "{secret}"
            authorization-grant-type: authorization_code
            redirect-uri: "{redirect}"
            scope: {scopes}
        provider:
          esia:
            issuer-uri: {base}
"#
    );
    let note = "Сам Spring ждёт возврата по /login/oauth2/code/esia: зарегистрируйте такой адрес или настройте \
                redirectionEndpoint"
        .to_owned();
    setting(("Spring Security", "Java", "spring-boot-starter-oauth2-client"), text, Some(note))
}

/// A secret inside quotation marks.
fn escaped(secret: &str, mark: char) -> String {
    let one = |sign: char| if sign == mark || sign == '\\' { format!("\\{sign}") } else { sign.to_string() };
    secret.chars().map(one).collect()
}
