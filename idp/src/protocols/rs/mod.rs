//! `/rs`: data of people and organisations for systems (ESIA §4), and our own door by which a system asks for a
//! consent.
//!
//! What the scopes of the digital profile (ESIA §4.8, `esia::scope::DIGITAL_PROFILE`) would open is data of other agencies. The
//! mock has none: they can be asked for and consented to, and open nothing here.

mod access;
mod answer;
mod embed;
mod handlers;
mod kids;
mod model;
mod natural;
mod organisations;
mod parts;
mod permissions;
#[cfg(test)]
mod resource_tests;
#[cfg(test)]
mod tests;

use axum::{Router, routing::get};

/// One route for all of `/rs`: real clients write trailing and double slashes (ESIA §4.2).
pub(crate) fn routes() -> Router {
    let rs = get(handlers::get).post(permissions::ask).fallback(handlers::wrong_method);
    Router::new()
        .route("/rs/{*path}", rs)
        .route("/esia-rs/api/public/{version}/{*path}", get(handlers::get_newer).fallback(handlers::wrong_method))
}

/// How many collections an address asks to have embedded.
pub(crate) fn embedded(query: &str) -> usize {
    embed::Embed::of_query(query).parts.len()
}
