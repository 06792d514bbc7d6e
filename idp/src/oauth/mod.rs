//! ЕСИА v1: authorization, tokens, logout, keys (ESIA-PROTOCOL §1–§3, §5.1).

mod authorize;
mod callback;
mod consent;
mod grant;
mod judge;
mod keys;
mod logout;
mod model;
mod params;
mod public;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
#[cfg(test)]
mod token_tests;

pub(crate) use model::{OAuth, OAuthEvent};

pub(crate) use keys::keys;
pub(crate) use token::{JSON, permission_subject};

use axum::{
    Router,
    routing::{get, post},
};

/// ЕСИА's doors and the pages between them.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/aas/oauth2/ac", get(authorize::authorize).post(authorize::authorize))
        .route("/aas/oauth2/continue", get(consent::proceed))
        .route("/aas/oauth2/consent", post(consent::answer))
        .route("/aas/oauth2/te", post(token::token).fallback(token::wrong_method))
        .route("/idp/ext/Logout", get(logout::logout))
        .merge(public::routes())
}
