//! Routes of OpenID Connect.

use axum::{
    Router,
    routing::{get, post},
};

use super::{authorize, consent, consent_request, discovery, error, introspect, logout, token, userinfo};

/// Returns the endpoints of OpenID Connect, and the pages between them.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/oidc/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/oidc/continue", get(consent::proceed))
        .route("/oidc/consent", post(consent::answer))
        .route("/oidc/logout", get(logout::logout).post(logout::logout))
        .route("/oidc/logout/confirm", post(logout::confirm))
        .merge(for_programs())
}

/// Returns the endpoints that programs call, including those in browsers. The site lists them in `Addresses::programs`.
fn for_programs() -> Router {
    Router::new()
        .route("/.well-known/openid-configuration", get(discovery::configuration))
        .route("/.well-known/oauth-authorization-server", get(discovery::configuration))
        .route("/oidc/jwks", get(discovery::jwks))
        .route("/oidc/token", post(token::token).fallback(error::wrong_method))
        .route("/oidc/userinfo", get(userinfo::userinfo).post(userinfo::userinfo))
        .route("/oidc/revoke", post(introspect::revoke).fallback(error::wrong_method))
        .route("/oidc/introspect", post(introspect::introspect).fallback(error::wrong_method))
        .route("/oidc/consent-requests", post(consent_request::ask))
}
