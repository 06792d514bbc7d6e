//! What an authorization code and the tokens that come from it stand for (RFC 6749 §1.3.1).

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid, Scopes};
use serde::{Deserialize, Serialize};

use super::{
    redirect_uri::RedirectUri,
    request::{Protocol, RequestedClaims},
};

/// What a person has let a client have: an authorization code stands for it, and each token that comes from the code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    pub subject: Oid,
    /// The client that gets them.
    pub client: Mnemonic,
    /// `sid` (`urn:esia:sid`) of the session in which it was given.
    pub sid: String,
    /// When that session began: `auth_time`.
    pub signed_in_at: DateTime<Utc>,
    /// `scope` of the authorization request; what tokens open follows from the consents in force.
    pub scopes: Scopes,
    /// `redirect_uri` of the authorization request.
    pub redirect_uri: RedirectUri,
    /// `state` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// `code_challenge` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
    /// When the last of its refresh tokens ends; none where there are no refresh tokens.
    pub refresh_until: Option<DateTime<Utc>>,
    /// What one protocol has and the other has not.
    pub details: GrantDetails,
}

/// What a grant of one protocol holds besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GrantDetails {
    /// Of ЕСИА's own protocol.
    Esia(EsiaGrant),
    /// Of OpenID Connect.
    Oidc(OidcGrant),
}

/// What a grant of ЕСИА's own protocol holds besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct EsiaGrant {
    /// `scope`, `scope_org` and the scopes of `permissions`, where that is more than `scope`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Scopes>,
    /// The scopes that stand in the code.
    pub granted: Scopes,
    /// The organisation whose data the request asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Oid>,
    /// Whether the request asked for consents of the digital profile.
    #[serde(default)]
    pub has_permissions: bool,
}

/// What a grant of OpenID Connect holds besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct OidcGrant {
    /// How the person signed in (RFC 8176).
    pub amr: Vec<String>,
    /// Claims asked for by name.
    #[serde(default, skip_serializing_if = "RequestedClaims::is_empty")]
    pub claims: RequestedClaims,
    /// `nonce` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nonce: Option<String>,
}

/// How long something is remembered after its end, so that the verdict of a late request can say what happened to it.
pub(super) const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(1);

impl Grant {
    /// The protocol of the request that it comes from.
    pub(crate) const fn protocol(&self) -> Protocol {
        match self.details {
            GrantDetails::Esia(_) => Protocol::Esia,
            GrantDetails::Oidc(_) => Protocol::Oidc,
        }
    }

    /// What only a grant of ЕСИА's own protocol holds.
    pub(crate) const fn esia(&self) -> Option<&EsiaGrant> {
        match &self.details {
            GrantDetails::Esia(details) => Some(details),
            GrantDetails::Oidc(_) => None,
        }
    }

    /// What only a grant of OpenID Connect holds.
    pub(crate) const fn oidc(&self) -> Option<&OidcGrant> {
        match &self.details {
            GrantDetails::Esia(_) => None,
            GrantDetails::Oidc(details) => Some(details),
        }
    }

    /// The scopes that the first tokens may open: in ЕСИА's protocol those of the code (ESIA §3.2).
    pub(super) fn first_scopes(&self) -> &Scopes {
        self.esia().map_or(&self.scopes, |details| &details.granted)
    }

    /// The scopes that renewed tokens may open: all that the authorization request asked for.
    pub(super) fn all_scopes(&self) -> &Scopes {
        self.esia().and_then(|details| details.all.as_ref()).unwrap_or(&self.scopes)
    }

    /// Until when the code is remembered that stands for it, and with it the tokens that come from it.
    pub(super) fn remembered_until(&self, code_expires_at: DateTime<Utc>) -> DateTime<Utc> {
        let last = self.refresh_until.map_or(code_expires_at, |last| last.max(code_expires_at));
        match self.protocol() {
            Protocol::Esia => last + REMEMBERED_FOR,
            // The access token that came with the last refresh token ends later than that.
            Protocol::Oidc => last + TimeDelta::days(1),
        }
    }
}
