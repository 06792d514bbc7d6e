//! The addresses whose answers faults change.

use axum::http::Method;

use crate::grants::Protocol;

/// A kind of answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// Authorization requests: the browser goes on, or back at once.
    Authorize,
    /// Between login and client: the browser goes back with a code or an error.
    Return,
    /// The token endpoint.
    Token,
    /// JWKS, and the files of keys.
    Keys,
    Discovery,
    /// Personal data: `/rs` and userinfo.
    Resource,
    /// The end of a session that a client has asked for.
    Logout,
    /// Logout tokens that clients are sent.
    LogoutToken,
}

/// A place in a protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spot {
    pub(crate) place: Place,
    pub(crate) protocol: Protocol,
}

impl Spot {
    /// The spot that a request is for; none where no fault acts.
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

    /// The protocol as the catalogue names it.
    pub(crate) const fn protocol_name(self) -> &'static str {
        match self.protocol {
            Protocol::Esia => "esia",
            Protocol::Oidc => "oidc",
        }
    }
}
