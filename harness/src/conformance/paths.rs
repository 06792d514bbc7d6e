//! Kinds of the provider's endpoints, recognised by path.

/// Checks whether a path is a token endpoint.
pub(super) fn is_token(path: &str) -> bool {
    path.starts_with("/aas/oauth2/") && path.ends_with("/te") || path == "/oidc/token"
}

/// Checks whether a path is an endpoint with personal data.
pub(super) fn is_data(path: &str) -> bool {
    path.starts_with("/rs/") || path.starts_with("/esia-rs/") || path == "/oidc/userinfo"
}

/// Checks whether a path is an endpoint with keys.
pub(super) fn is_key(path: &str) -> bool {
    path.starts_with("/public/") || path == "/oidc/jwks"
}
