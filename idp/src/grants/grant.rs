//! Authorization grants: what an authorization code and its tokens represent (RFC 6749 §1.3.1).

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid, Scopes};
use serde::{Deserialize, Serialize};

use super::{
    redirect_uri::RedirectUri,
    request::{Protocol, RequestedClaims},
};

/// Access that a person has granted to a client. An authorization code and all tokens issued for that code represent
/// it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    pub subject: Oid,
    /// Client that receives the person's data.
    pub client: Mnemonic,
    /// `sid` (`urn:esia:sid`) of the session in which the person granted access.
    pub sid: String,
    /// Start of that session, the `auth_time` of tokens.
    pub signed_in_at: DateTime<Utc>,
    /// `scope` of the authorization request. What tokens open depends on the consents in force.
    pub scopes: Scopes,
    /// `redirect_uri` of the authorization request.
    pub redirect_uri: RedirectUri,
    /// `state` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// `code_challenge` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// Expiry of every refresh token of the grant; `None` if the grant gets no refresh token.
    pub refresh_until: Option<DateTime<Utc>>,
    /// Fields that only one of the two protocols has.
    pub details: GrantDetails,
}

/// Fields of a grant that only one of the two protocols has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantDetails {
    /// Grant of ЕСИА's own protocol.
    Esia(EsiaGrant),
    /// Grant of OpenID Connect.
    Oidc(OidcGrant),
}

/// Fields of a grant that only ЕСИА's own protocol has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EsiaGrant {
    /// Scopes of `scope`, `scope_org` and `permissions` together; `None` if they equal `scope`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Scopes>,
    /// Scopes that were granted when the code was issued.
    pub granted: Scopes,
    /// Organisation whose data the request asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Oid>,
    /// Whether the request asked for consents of the digital profile.
    #[serde(default)]
    pub has_permissions: bool,
}

/// Fields of a grant that only OpenID Connect has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OidcGrant {
    /// Authentication methods of the sign-in, the claim `amr` (RFC 8176).
    pub amr: Vec<String>,
    /// Claims that the authorization request asked for by name.
    #[serde(default, skip_serializing_if = "RequestedClaims::is_empty")]
    pub claims: RequestedClaims,
    /// `nonce` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

/// How long an expired credential is kept, so that the verdict of a late request can name the cause.
pub(super) const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(1);

impl Grant {
    /// Returns the protocol of the authorization request.
    pub(crate) const fn protocol(&self) -> Protocol {
        match self.details {
            GrantDetails::Esia(_) => Protocol::Esia,
            GrantDetails::Oidc(_) => Protocol::Oidc,
        }
    }

    /// Returns the fields of ЕСИА's own protocol, or `None` for a grant of OpenID Connect.
    pub(crate) const fn esia(&self) -> Option<&EsiaGrant> {
        match &self.details {
            GrantDetails::Esia(details) => Some(details),
            GrantDetails::Oidc(_) => None,
        }
    }

    /// Returns the fields of OpenID Connect, or `None` for a grant of ЕСИА's own protocol.
    pub(crate) const fn oidc(&self) -> Option<&OidcGrant> {
        match &self.details {
            GrantDetails::Esia(_) => None,
            GrantDetails::Oidc(details) => Some(details),
        }
    }

    /// Returns the most that tokens issued for the code may open: in ЕСИА's protocol the scopes of the code (ESIA
    /// §3.2).
    pub(super) fn first_scopes(&self) -> &Scopes {
        self.esia().map_or(&self.scopes, |details| &details.granted)
    }

    /// Returns the most that refreshed tokens may open: all scopes of the authorization request.
    pub(super) fn all_scopes(&self) -> &Scopes {
        self.esia().and_then(|details| details.all.as_ref()).unwrap_or(&self.scopes)
    }

    /// Returns the instant until which the code, and with it its tokens, is kept in memory.
    pub(super) fn remembered_until(&self, code_expires_at: DateTime<Utc>) -> DateTime<Utc> {
        let last = self.refresh_until.map_or(code_expires_at, |last| last.max(code_expires_at));
        match self.protocol() {
            Protocol::Esia => last + REMEMBERED_FOR,
            // An access token issued just before `refresh_until` expires after it.
            Protocol::Oidc => last + TimeDelta::days(1),
        }
    }
}
