//! The standard door: OpenID Connect Core 1.0 with the code flow, for relying parties that know nothing of ЕСИА.
//!
//! Accounts, signing in, roles and consents are those of the other door (`oauth`); a consent given at one holds at both.

mod answer;
mod authorize;
mod backchannel;
mod claims;
#[cfg(test)]
mod claims_tests;
mod client_auth;
mod consent;
mod consent_request;
mod decide;
mod discovery;
mod error;
#[cfg(test)]
mod hostile_tests;
mod introspect;
#[cfg(test)]
mod isolation_tests;
mod judge;
mod keys;
mod logout;
#[cfg(test)]
mod mistakes_tests;
mod model;
mod requested;
mod scopes;
mod store;
mod tell;
mod token;
mod userinfo;

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod token_tests;

pub(crate) use backchannel::tell_listeners;
pub(crate) use model::OidcEvent;
pub(crate) use scopes::behind;
pub(crate) use store::Oidc;

use axum::{
    Router,
    routing::{get, post},
};

/// The door's endpoints, and the pages between them.
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
