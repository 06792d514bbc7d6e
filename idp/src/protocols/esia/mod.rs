//! ЕСИА's own protocol in all its versions: authorization, tokens, logout, keys (ESIA §1–§3, §5.1, §5.2).

mod api_key;
mod authorize;
#[cfg(test)]
mod bad_input_tests;
mod claims;
mod client_credentials;
mod consent;
#[cfg(test)]
mod error_tests;
mod explained;
mod filters;
#[cfg(test)]
mod isolation_tests;
mod judge;
mod login;
mod logout;
#[cfg(test)]
mod logout_tests;
#[cfg(test)]
mod mistakes_tests;
mod permissions;
mod pkce;
mod public;
#[cfg(test)]
mod real_clients_tests;
mod scopes;
mod signature;
#[cfg(test)]
mod slips_tests;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_response;
#[cfg(test)]
mod token_tests;
mod verdict;
#[cfg(test)]
mod verdict_tests;
#[cfg(test)]
mod wire_tests;

pub(crate) use permissions::asked as permissions_asked;

use axum::{
    Router,
    routing::{get, post},
};
use utoipa_axum::router::OpenApiRouter;

/// ЕСИА's endpoints, and the pages between them.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/aas/oauth2/ac", get(authorize::authorize_v1).post(authorize::authorize_v1))
        .route("/aas/oauth2/v2/ac", get(authorize::authorize_v2).post(authorize::authorize_v2))
        .route("/aas/oauth2/continue", get(consent::proceed))
        .route("/aas/oauth2/consent", post(consent::answer))
        .route("/aas/oauth2/te", post(token::token_v1).fallback(token::wrong_method))
        .route("/aas/oauth2/v2/te", post(token::token_v3).fallback(token::wrong_method))
        .route("/aas/oauth2/v3/te", post(token::token_v3).fallback(token::wrong_method))
        .route("/esia-rs/api/public/v1/orgs/ext-app/{api_key}/tkn", get(api_key::token))
        .route("/idp/ext/Logout", get(logout::logout))
        .merge(public::routes())
        .merge(login::routes())
}

/// The endpoints that OpenAPI describes by their types.
pub(crate) fn api() -> OpenApiRouter {
    login::api()
}
