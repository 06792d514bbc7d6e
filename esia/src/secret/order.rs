use std::fmt;

use super::signed::Signed;

/// All that a request may sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request<'a> {
    /// What every version has.
    pub signed: Signed<'a>,
    /// `code`, empty where there is none.
    pub code: &'a str,
    /// `refresh_token`, empty where there is none.
    pub refresh_token: &'a str,
}

/// A parameter of [`Request`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The parameter `client_id`.
    ClientId,
    /// The parameter `scope`.
    Scope,
    /// `scope_org`; empty adds nothing.
    ScopeOrg,
    /// The parameter `timestamp`.
    Timestamp,
    /// The parameter `state`.
    State,
    /// The parameter `redirect_uri`.
    RedirectUri,
    /// The parameter `code`.
    Code,
    /// The parameter `refresh_token`.
    RefreshToken,
}

impl Field {
    /// The value before URL encoding.
    pub const fn of<'a>(self, request: &Request<'a>) -> &'a str {
        let Request { signed, code, refresh_token } = request;
        match self {
            Self::ClientId => signed.client_id,
            Self::Scope => signed.scope,
            Self::ScopeOrg => signed.scope_org,
            Self::Timestamp => signed.timestamp,
            Self::State => signed.state,
            Self::RedirectUri => signed.redirect_uri,
            Self::Code => code,
            Self::RefreshToken => refresh_token,
        }
    }
}

impl Field {
    /// Every parameter that some order signs.
    pub const ALL: [Self; 8] = [
        Self::ClientId,
        Self::Scope,
        Self::ScopeOrg,
        Self::Timestamp,
        Self::State,
        Self::RedirectUri,
        Self::Code,
        Self::RefreshToken,
    ];

    /// Its name as a parameter.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ClientId => "client_id",
            Self::Scope => "scope",
            Self::ScopeOrg => "scope_org",
            Self::Timestamp => "timestamp",
            Self::State => "state",
            Self::RedirectUri => "redirect_uri",
            Self::Code => "code",
            Self::RefreshToken => "refresh_token",
        }
    }
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Which string a call signs: the rows of ESIA §2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// `/aas/oauth2/ac` and `/aas/oauth2/te`, every grant.
    V1,
    /// The order of a request to `/aas/oauth2/v2/ac`.
    V2Authorize,
    /// `/aas/oauth2/v3/te` with `authorization_code`.
    V3Code,
    /// `/aas/oauth2/v3/te` with `refresh_token`, as most clients send it: (a).
    V3Refresh,
    /// `/aas/oauth2/v3/te` with `refresh_token`, the token itself signed: (b).
    V3RefreshToken,
    /// `/aas/oauth2/v3/te` with `client_credentials`.
    V3ClientCredentials,
}

impl Order {
    /// Every order of the protocol.
    pub const ALL: [Self; 6] =
        [Self::V1, Self::V2Authorize, Self::V3Code, Self::V3Refresh, Self::V3RefreshToken, Self::V3ClientCredentials];

    /// Stable name in ASCII.
    pub const fn code(self) -> &'static str {
        match self {
            Self::V1 => "v1",
            Self::V2Authorize => "v2-ac",
            Self::V3Code => "v3-te-code",
            Self::V3Refresh => "v3-te-refresh",
            Self::V3RefreshToken => "v3-te-refresh-token",
            Self::V3ClientCredentials => "v3-te-client-credentials",
        }
    }

    /// What is joined, without separators.
    pub const fn fields(self) -> &'static [Field] {
        use Field::{ClientId, Code, RedirectUri, RefreshToken, Scope, ScopeOrg, State, Timestamp};
        match self {
            Self::V1 => &[Scope, Timestamp, ClientId, State],
            Self::V2Authorize | Self::V3Refresh => &[ClientId, Scope, ScopeOrg, Timestamp, State, RedirectUri],
            Self::V3Code => &[ClientId, Scope, ScopeOrg, Timestamp, State, RedirectUri, Code],
            Self::V3RefreshToken => &[ClientId, Scope, Timestamp, State, RefreshToken],
            Self::V3ClientCredentials => &[ClientId, Scope, Timestamp, State, RedirectUri],
        }
    }

    /// The string that is signed, in UTF-8.
    pub fn string(self, request: &Request<'_>) -> String {
        self.fields().iter().map(|field| field.of(request)).collect()
    }
}

/// `client_id + scope + [scope_org] + timestamp + state + redirect_uri`
impl fmt::Display for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, field) in self.fields().iter().enumerate() {
            f.write_str(if at == 0 { "" } else { " + " })?;
            match field {
                Field::ScopeOrg => write!(f, "[{field}]")?,
                field => write!(f, "{field}")?,
            }
        }
        Ok(())
    }
}
