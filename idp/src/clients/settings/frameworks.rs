//! Settings of frameworks that sign people in through an OpenID provider: settings files instead of calls.

use ::esia::language::{pick, tr};

use super::{
    setting::{Setting, library, setting},
    values::{Values, double_quoted, single_quoted_code},
};
use crate::clients::ClientAuth;

/// Settings of all frameworks, for a client with a secret.
pub(super) fn by_secret(values: &Values, secret: &str) -> Vec<Setting> {
    vec![
        django(values, secret),
        go(values, secret),
        laravel(values, secret),
        spring(values, secret),
        keycloak(values, secret),
    ]
}

fn django(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let (scope, secret) = (values.scope(), double_quoted(secret));
    let text = format!(
        r#"INSTALLED_APPS += ["mozilla_django_oidc"]
AUTHENTICATION_BACKENDS = ["mozilla_django_oidc.auth.OIDCAuthenticationBackend"]
OIDC_RP_CLIENT_ID = "{mnemonic}"
OIDC_RP_CLIENT_SECRET = {secret}
OIDC_RP_SIGN_ALGO = "RS256"
OIDC_RP_SCOPES = "{scope}"
OIDC_OP_AUTHORIZATION_ENDPOINT = "{base}/oidc/authorize"
OIDC_OP_TOKEN_ENDPOINT = "{base}/oidc/token"
OIDC_OP_USER_ENDPOINT = "{base}/oidc/userinfo"
OIDC_OP_JWKS_ENDPOINT = "{base}/oidc/jwks"
LOGIN_REDIRECT_URL = "/"
"#
    );
    let path = values.redirect_at("/oidc/callback/").1;
    let email = (!values.scopes.contains(&"email")).then(|| {
        let told = pick(
            "Людей библиотека различает по email, а он системе не разрешён: добавьте его в области или переопределите \
             filter_users_by_claims",
            "The library tells people apart by email, which the client has no right to: add it to the scopes or override \
             filter_users_by_claims",
        );
        told.to_owned()
    });
    let urls = format!(r#"{} urls.py: path("oidc/", include("mozilla_django_oidc.urls"))"#, pick("В", "In"));
    let note = [Some(urls), path, email].into_iter().flatten().collect::<Vec<_>>().join(". ");
    setting(library("mozilla-django-oidc", "Python, Django", "PyPI: mozilla-django-oidc"), text, Some(note))
}

fn go(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let (scopes, secret) = (values.list('"'), double_quoted(secret));
    let text = format!(
        r#"provider, err := oidc.NewProvider(ctx, "{base}")
if err != nil {{
	log.Fatal(err)
}}
config := oauth2.Config{{
	ClientID:     "{mnemonic}",
	ClientSecret: {secret},
	Endpoint:     provider.Endpoint(),
	RedirectURL:  "{redirect}",
	Scopes:       []string{{{scopes}}},
}}
verifier := provider.Verifier(&oidc.Config{{ClientID: "{mnemonic}"}})
"#
    );
    let note = format!("{}: golang.org/x/oauth2, github.com/coreos/go-oidc/v3/oidc", pick("Импорты", "Imports"));
    setting(library("go-oidc", "Go", "golang.org/x/oauth2, github.com/coreos/go-oidc/v3"), text, Some(note))
}

fn laravel(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, redirect, .. } = values;
    let (scopes, secret) = (values.list('\''), single_quoted_code(secret));
    let text = format!(
        r"// config/services.php
'oidc' => [
    'base_url'      => '{base}',
    'client_id'     => '{mnemonic}',
    'client_secret' => {secret},
    'redirect'      => '{redirect}',
    'scopes'        => [{scopes}],
],
"
    );
    let note = pick(
        "Драйвер включает пакет kovah/laravel-socialite-oidc: Socialite::driver('oidc')->redirect(). Области назовите и при \
         вызове: ->scopes(config('services.oidc.scopes'))",
        "The package kovah/laravel-socialite-oidc turns the driver on: Socialite::driver('oidc')->redirect(). Name the \
         scopes in the call too: ->scopes(config('services.oidc.scopes'))",
    );
    setting(
        library("Socialite", "PHP, Laravel", "Packagist: laravel/socialite, kovah/laravel-socialite-oidc"),
        text,
        Some(note.to_owned()),
    )
}

fn spring(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let (scopes, secret) = (values.scopes.join(", "), double_quoted(secret));
    let (redirect, note) = values.redirect_at("/login/oauth2/code/esia");
    let method = match values.oidc.auth_method {
        Some(ClientAuth::ClientSecretPost) => "client_secret_post",
        _ => "client_secret_basic",
    };
    let text = format!(
        r#"spring:
  security:
    oauth2:
      client:
        registration:
          esia:
            client-id: {mnemonic}
            client-secret: {secret}
            client-authentication-method: {method}
            authorization-grant-type: authorization_code
            redirect-uri: "{redirect}"
            scope: {scopes}
        provider:
          esia:
            issuer-uri: {base}
"#
    );
    let note =
        note.map(|note| tr!("{note}, или настройте redirectionEndpoint", "{note}, or configure redirectionEndpoint"));
    setting(library("Spring Security", "Java", "spring-boot-starter-oauth2-client"), text, note)
}

fn keycloak(values: &Values, secret: &str) -> Setting {
    let Values { base, mnemonic, .. } = values;
    let (scope, secret) = (values.scope(), double_quoted(secret));
    let site = pick("Госуслуги", "Gosuslugi");
    let method = match values.oidc.auth_method {
        Some(ClientAuth::ClientSecretBasic) => "client_secret_basic",
        _ => "client_secret_post",
    };
    let text = format!(
        r#"{{
  "alias": "esia",
  "displayName": "{site}",
  "providerId": "oidc",
  "enabled": true,
  "config": {{
    "issuer": "{base}",
    "authorizationUrl": "{base}/oidc/authorize",
    "tokenUrl": "{base}/oidc/token",
    "userInfoUrl": "{base}/oidc/userinfo",
    "jwksUrl": "{base}/oidc/jwks",
    "logoutUrl": "{base}/oidc/logout",
    "clientId": "{mnemonic}",
    "clientSecret": {secret},
    "clientAuthMethod": "{method}",
    "defaultScope": "{scope}",
    "useJwksUrl": "true",
    "validateSignature": "true",
    "pkceEnabled": "true",
    "pkceMethod": "S256"
  }}
}}
"#
    );
    let note = pick(
        "Keycloak — посредник: kcadm.sh create identity-provider/instances -r ВАШ-REALM -f esia.json. Возвращаются к нему \
         по /realms/ВАШ-REALM/broker/esia/endpoint: зарегистрируйте системе такой адрес целиком",
        "Keycloak is a broker: kcadm.sh create identity-provider/instances -r YOUR-REALM -f esia.json. People come back to it \
         at /realms/YOUR-REALM/broker/esia/endpoint: register this address for the client as a whole",
    );
    let keycloak = library("Keycloak", pick("посредник", "broker"), "Keycloak: Identity providers");
    setting(keycloak, text, Some(note.to_owned()))
}
