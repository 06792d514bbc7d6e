//! `/rs`.

/// Routes of the protocol's doors.
pub(crate) fn routes() -> axum::Router {
    axum::Router::new()
}
