//! Endpoints whose responses faults change.

use axum::http::Method;

use crate::grants::Protocol;

/// Kind of response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Response to an authorization request: the browser goes to the login page, or back to the client at once.
    Authorize,
    /// Redirect to the client after login or consent, with a code or an error.
    Return,
    /// Response of the token endpoint.
    Token,
    /// JWKS, and the files with keys under `/public/`.
    Keys,
    Discovery,
    /// Personal data: `/rs` and userinfo.
    Resource,
    /// Response to a logout request of a client.
    Logout,
    /// Logout tokens that are sent to clients.
    LogoutToken,
}

/// Kind of response, in a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) place: Place,
    pub(crate) protocol: Protocol,
}

impl Spot {
    /// Returns the spot of a request; `None` if no fault changes its response.
    pub(crate) fn of(method: &Method, path: &str) -> Option<Self> {
        use Protocol::{Esia, Oidc};
        if *method == Method::OPTIONS {
            return None;
        }
        let (place, protocol) = match path {
            "/aas/oauth2/ac" | "/aas/oauth2/v2/ac" => (Place::Authorize, Esia),
            "/oidc/authorize" => (Place::Authorize, Oidc),
            "/aas/oauth2/continue" | "/aas/oauth2/consent" => (Place::Return, Esia),
            "/oidc/continue" | "/oidc/consent" => (Place::Return, Oidc),
            "/aas/oauth2/te" | "/aas/oauth2/v2/te" | "/aas/oauth2/v3/te" => (Place::Token, Esia),
            "/oidc/token" => (Place::Token, Oidc),
            "/oidc/jwks" => (Place::Keys, Oidc),
            "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" => (Place::Discovery, Oidc),
            "/oidc/userinfo" => (Place::Resource, Oidc),
            "/idp/ext/Logout" => (Place::Logout, Esia),
            "/oidc/logout" | "/oidc/logout/confirm" => (Place::Logout, Oidc),
            _ if path.starts_with("/public/") => (Place::Keys, Esia),
            _ if path.starts_with("/rs/") => (Place::Resource, Esia),
            _ => return None,
        };
        Some(Self { place, protocol })
    }

    /// Name of the protocol in the catalogue.
    pub(crate) const fn protocol_name(self) -> &'static str {
        match self.protocol {
            Protocol::Esia => "esia",
            Protocol::Oidc => "oidc",
        }
    }
}
