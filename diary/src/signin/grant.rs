//! Data of a sign-in that are the same in both protocols of the provider: ЕСИА's own and OpenID Connect.

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Oid, Snils};
use serde::{Deserialize, Serialize};

use crate::register::Presented;

/// Life of an access token whose response does not tell it, seconds.
const UNTOLD_S: u64 = 300;
/// Longest life of an access token that the diary believes in, seconds.
const LONGEST_S: u64 = 24 * 3600;

/// When an access token ends that was issued now and lives for so many seconds, if that was told.
pub(super) fn expiry(now: DateTime<Utc>, life_s: Option<u64>) -> DateTime<Utc> {
    let life = life_s.unwrap_or(UNTOLD_S).min(LONGEST_S);
    now + TimeDelta::seconds(i64::try_from(life).unwrap_or_default())
}

/// Secrets of a sign-in by OpenID Connect: nonce (OpenID Connect Core §3.1.2.1) and PKCE verifier (RFC 7636 §4.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct OidcSecrets {
    /// Expected in the id token.
    pub(crate) nonce: String,
    /// Sent with the code; its SHA-256 went with the authorization request.
    pub(crate) verifier: String,
}

/// An authorization code from `/callback`, with what its redemption needs.
pub(super) struct CodeResponse<'a> {
    pub(super) code: &'a str,
    /// `state` of the token request, which only ЕСИА's own protocol has.
    pub(super) state: &'a str,
    pub(super) oidc: Option<&'a OidcSecrets>,
    pub(super) redirect_uri: &'a str,
    /// Parameter `iss` of the callback (RFC 9207).
    pub(super) iss: Option<&'a str>,
}

/// Tokens that open a person's data.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) expires_at: DateTime<Utc>,
}

/// Result of a redeemed code: the verified account, its scopes and its person.
pub(super) struct SignedIn {
    pub(super) oid: Oid,
    /// Session at the provider, which only OpenID Connect tells.
    pub(super) sid: Option<String>,
    /// Scopes that were requested and not granted.
    pub(super) missing: Vec<String>,
    /// Whether the account is confirmed.
    pub(super) is_trusted: bool,
    /// Whether it is a child's account.
    pub(super) is_child_account: bool,
    pub(super) tokens: Tokens,
    /// The person, when every requested scope was granted.
    pub(super) known: Option<Box<Presented>>,
}

/// Response of the provider to a request for consent (Design, Consent on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ConsentResponse {
    pub(crate) status: ConsentStatus,
    #[serde(default)]
    pub(crate) guardians: u32,
}

/// State of a request for consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConsentStatus {
    /// The consent is in force already.
    Granted,
    /// Requests went out to the guardians.
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

/// Account whose data a session keeps open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Subject {
    pub(super) oid: Oid,
    pub(super) snils: Option<Snils>,
}

/// Whether the provider still opens the data of a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// The data are open.
    Agreed,
    /// The consent was withdrawn.
    Revoked,
    /// The access token has expired or belongs to another person, and no other is given.
    Over,
    /// The diary has no tokens of this session any more.
    Lost,
}
