//! Discovery document, `/.well-known/openid-configuration` (OpenID Connect Discovery §3, RFC 8414), and JWKS
//! (RFC 7517).

use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::json;
use web::{InWorld, Problem};

use crate::grants::{ACR, claims_supported, supported};
use crate::state::Gosuslugi;

/// Methods of client authentication at the token, revocation and introspection endpoints.
const AUTH_METHODS: [&str; 4] = ["client_secret_basic", "client_secret_post", "private_key_jwt", "none"];

/// Answers `GET /.well-known/openid-configuration` with everything that the provider supports in OpenID Connect, and
/// nothing else.
pub(super) async fn configuration(InWorld { world_url, .. }: InWorld<Gosuslugi>) -> Response {
    let url = |path: &str| world_url.url(path);
    let for_secrets = &AUTH_METHODS[..3];
    let document = json!({
        "issuer": url(""),
        "authorization_endpoint": url("/oidc/authorize"),
        "token_endpoint": url("/oidc/token"),
        "userinfo_endpoint": url("/oidc/userinfo"),
        "jwks_uri": url("/oidc/jwks"),
        "revocation_endpoint": url("/oidc/revoke"),
        "introspection_endpoint": url("/oidc/introspect"),
        "end_session_endpoint": url("/oidc/logout"),
        "scopes_supported": supported(),
        "claims_supported": claims_supported(),
        "claim_types_supported": ["normal"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query", "form_post"],
        "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": AUTH_METHODS,
        "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "revocation_endpoint_auth_methods_supported": AUTH_METHODS,
        "revocation_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "introspection_endpoint_auth_methods_supported": for_secrets,
        "introspection_endpoint_auth_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "acr_values_supported": ACR,
        "ui_locales_supported": ["ru"],
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "claims_parameter_supported": true,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "require_request_uri_registration": false,
    });
    kept_for_a_while(document)
}

/// Returns JSON that clients may cache, so that they need not fetch it for every sign-in.
fn kept_for_a_while(body: impl serde::Serialize) -> Response {
    ([(header::CACHE_CONTROL, "public, max-age=300")], axum::Json(body)).into_response()
}

/// Answers `GET /oidc/jwks`.
pub(super) async fn jwks(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<Response, Problem> {
    let published = world.read(|state, _| state.keys.published()).await?;
    Ok(kept_for_a_while(&published.jwks))
}
