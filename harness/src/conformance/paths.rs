//! Which addresses of the provider are which.

/// Whether a path is one where a code becomes tokens.
pub(super) fn is_token(path: &str) -> bool {
    path.starts_with("/aas/oauth2/") && path.ends_with("/te") || path == "/oidc/token"
}

/// Whether a path is one of personal data.
pub(super) fn is_data(path: &str) -> bool {
    path.starts_with("/rs/") || path.starts_with("/esia-rs/") || path == "/oidc/userinfo"
}

/// Whether a path is one of keys.
pub(super) fn is_key(path: &str) -> bool {
    path.starts_with("/public/") || path == "/oidc/jwks"
}
