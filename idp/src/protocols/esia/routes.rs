//! Routes of ЕСИА's own protocol.

use axum::{
    Router,
    routing::{get, post},
};
use utoipa_axum::router::OpenApiRouter;

use super::{api_key, authorize, consent, login, logout, public, token};

/// Returns the endpoints of ЕСИА's own protocol, and the pages between them.
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

/// Returns the endpoints that OpenAPI describes from their types.
pub(crate) fn api() -> OpenApiRouter {
    login::api()
}
