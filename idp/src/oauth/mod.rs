//! ЕСИА v1: authorization, tokens (ESIA-PROTOCOL §1–§3).

mod model;

pub use model::{OAuth, OAuthEvent};

/// Routes of the protocol's doors.
pub(crate) fn routes() -> axum::Router {
    axum::Router::new()
}
