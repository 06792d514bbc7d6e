//! Routes of `/rs`.

use axum::{Router, routing::get};

use super::{handlers, permissions};

/// Returns the routes of `/rs`. One wildcard serves them all, because real clients send trailing and double slashes
/// (ESIA §4.2).
pub(crate) fn routes() -> Router {
    let rs = get(handlers::get).post(permissions::ask).fallback(handlers::wrong_method);
    Router::new()
        .route("/rs/{*path}", rs)
        .route("/esia-rs/api/public/{version}/{*path}", get(handlers::get_newer).fallback(handlers::wrong_method))
}
