//! Names of the cookies that a sign-in sets.

/// Cookie of a session.
pub(crate) const SESSION_COOKIE: &str = "session";
/// Cookie of the browser's pending sign-ins.
pub(super) const PENDING_COOKIE: &str = "signin";
/// Cookie of the browser's last refusal.
pub(super) const REFUSAL_COOKIE: &str = "refusal";
