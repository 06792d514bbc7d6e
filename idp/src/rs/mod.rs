//! `/rs`: a person's data for a system (ESIA-PROTOCOL §4), and our own door by which a system asks for a consent.

mod access;
mod handlers;
mod model;
mod permissions;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};

/// One route for all of `/rs`: real clients write trailing and double slashes (§4.2).
pub(crate) fn routes() -> Router {
    Router::new().route("/rs/{*path}", get(handlers::get).post(permissions::ask).fallback(handlers::wrong_method))
}
