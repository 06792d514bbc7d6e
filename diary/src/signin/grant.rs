//! Data of a sign-in common to both protocols of the provider: ЕСИА's own and OpenID Connect.

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Snils};
use serde::{Deserialize, Serialize};

use crate::register::Presented;

/// Assumed lifetime of an access token whose response has no `expires_in`, seconds.
const UNTOLD_S: u64 = 300;
/// Maximum lifetime of an access token that the diary accepts, seconds.
const LONGEST_S: u64 = 24 * 3600;

/// Returns the expiry of an access token issued now, given the lifetime from the response, if any.
pub(super) fn expiry(now: DateTime<Utc>, life_s: Option<u64>) -> DateTime<Utc> {
    let life = life_s.unwrap_or(UNTOLD_S).min(LONGEST_S);
    now + TimeDelta::seconds(i64::try_from(life).unwrap_or_default())
}

/// Secrets of a sign-in by OpenID Connect: nonce (OpenID Connect Core §3.1.2.1) and PKCE verifier (RFC 7636 §4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct OidcSecrets {
    /// Value expected in the claim `nonce` of the id token.
    pub(crate) nonce: String,
    /// PKCE verifier, sent with the code; its SHA-256 was sent with the authorization request.
    pub(crate) verifier: String,
}

/// Authorization code from `/callback`, with the values needed to redeem it.
pub(super) struct CodeResponse<'a> {
    pub(super) code: &'a str,
    /// `state` of the token request, used only in ЕСИА's own protocol.
    pub(super) state: &'a str,
    pub(super) oidc: Option<&'a OidcSecrets>,
    pub(super) redirect_uri: &'a str,
    /// Parameter `iss` of the callback (RFC 9207).
    pub(super) iss: Option<&'a str>,
}

/// Tokens that give access to a person's data.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) expires_at: DateTime<Utc>,
}

/// Result of a redeemed code: the verified account, missing scopes, tokens and the person.
pub(super) struct SignedIn {
    pub(super) oid: Oid,
    /// `sid` of the session at the provider, reported only by OpenID Connect.
    pub(super) sid: Option<String>,
    /// Scopes that were requested and not granted.
    pub(super) missing: Vec<String>,
    /// Whether the account is confirmed.
    pub(super) is_trusted: bool,
    /// Whether it is a child account.
    pub(super) is_child_account: bool,
    pub(super) tokens: Tokens,
    /// Data of the person, if every requested scope was granted.
    pub(super) known: Option<Box<Presented>>,
}

/// Response of the provider to a consent request (Design, Consent on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ConsentResponse {
    pub(crate) status: ConsentStatus,
    #[serde(default)]
    pub(crate) guardians: u32,
}

/// Status of a consent request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConsentStatus {
    /// The consent is already in force.
    Granted,
    /// Requests were sent to the guardians.
    Requested,
    /// No guardian is bound to the account.
    NoGuardian,
}

impl ConsentStatus {
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Requested => "requested",
            Self::NoGuardian => "no-guardian",
        }
    }
}

/// Account whose data a session has access to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Subject {
    pub(super) oid: Oid,
    pub(super) snils: Option<Snils>,
}

/// Whether a session still has access to the person's data at the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The data are accessible.
    Agreed,
    /// The consent was withdrawn.
    Revoked,
    /// The access token has expired or belongs to another person, and cannot be renewed.
    Over,
    /// The diary has lost the tokens of this session.
    Lost,
}
