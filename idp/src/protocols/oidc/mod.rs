//! OpenID Connect Core 1.0 with the authorization code flow, for relying parties that know nothing of ЕСИА.
//!
//! Accounts, signing in, roles and consents are those of ЕСИА's own protocol; a consent given in one holds in both.

mod answer;
mod authorize;
mod claims;
#[cfg(test)]
mod claims_tests;
mod client_auth;
mod consent;
mod consent_request;
mod discovery;
mod error;
#[cfg(test)]
mod hostile_tests;
mod introspect;
#[cfg(test)]
mod isolation_tests;
mod judge;
mod logout;
#[cfg(test)]
mod mistakes_tests;
mod requested;
mod token;
mod userinfo;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod token_tests;

use axum::{
    Router,
    routing::{get, post},
};

/// The endpoints of OpenID Connect, and the pages between them.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/oidc/authorize", get(authorize::authorize).post(authorize::authorize))
        .route("/oidc/continue", get(consent::proceed))
        .route("/oidc/consent", post(consent::answer))
        .route("/oidc/logout", get(logout::logout).post(logout::logout))
        .route("/oidc/logout/confirm", post(logout::confirm))
        .merge(for_programs())
}

/// What programs call, those in browsers included: `Addresses::programs` of the site says so to the front.
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
