//! The doors of Gosuslugi: ЕСИА's own protocol, and OpenID Connect. Behind them everything is the same: who came, what was
//! granted, what is known.

use chrono::{DateTime, Utc};
use esia::{Oid, Snils};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;
use web::Checks;

use super::{Gosuslugi, GosuslugiError, kept::Standing, oidc::OpenId};
use crate::{app::App, register::Presented, state::Settled};

/// The door through which a diary signs people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// ЕСИА's own, in its first version, signed with the diary's key.
    #[default]
    Esia,
    /// OpenID Connect: code flow with PKCE, with the diary's secret.
    Oidc,
}

/// What a sign-in through OpenID Connect must be answered with (RFC 7636 §4.1, OpenID Connect Core §3.1.2.1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Proof {
    /// Comes back in the id token.
    pub(crate) nonce: String,
    /// Its SHA-256 goes ahead, itself comes with the code.
    pub(crate) verifier: String,
}

/// A code that came back, and what belongs to it.
pub(super) struct CameBack<'a> {
    pub(super) code: &'a str,
    /// `state` of the token request, where the door has one.
    pub(super) state: &'a str,
    pub(super) proof: Option<&'a Proof>,
    pub(super) redirect_uri: &'a str,
    /// `iss` that came with it (RFC 9207).
    pub(super) iss: Option<&'a str>,
}

/// What opens somebody's data.
#[derive(Clone)]
pub(super) struct Tokens {
    pub(super) access: String,
    pub(super) refresh: Option<String>,
    pub(super) expires_at: DateTime<Utc>,
}

/// Whoever came through a door, believed.
pub(super) struct Came {
    pub(super) oid: Oid,
    /// Their session there.
    pub(super) sid: Option<String>,
    /// What was asked for and not granted.
    pub(super) missing: Vec<String>,
    /// The account is confirmed.
    pub(super) is_trusted: bool,
    /// It is a child account.
    pub(super) is_child_account: bool,
    pub(super) tokens: Tokens,
    /// The person, when all was granted.
    pub(super) known: Option<Box<Presented>>,
}

/// What Gosuslugi say to a request for consent (Design, Consent on the wire).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct ConsentAnswer {
    pub(crate) status: ConsentStatus,
    #[serde(default)]
    pub(crate) guardians: u32,
}

/// How a request for consent stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConsentStatus {
    /// It is in force already.
    Granted,
    /// Guardians have been asked.
    Requested,
    /// Nobody is bound.
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

/// One world's door, for one request.
pub(crate) enum Door<'a> {
    /// ЕСИА's.
    Esia(Gosuslugi<'a>),
    /// OpenID Connect's.
    Oidc(OpenId<'a>),
}

impl App {
    /// Which door a world has.
    pub(crate) fn protocol_of(&self, settled: &Settled) -> Protocol {
        settled.provider.protocol.unwrap_or(self.protocol)
    }

    /// The door of a world, whose provider is at `base`, at the world's time.
    pub(crate) fn door<'a>(&'a self, settled: &'a Settled, base: &Url, now: DateTime<Utc>) -> Door<'a> {
        match self.protocol_of(settled) {
            Protocol::Esia => Door::Esia(Gosuslugi::new(&self.outward, settled, base, now)),
            Protocol::Oidc => Door::Oidc(OpenId::new(&self.outward, settled, base, now)),
        }
    }
}

impl Door<'_> {
    /// Where to send a browser.
    ///
    /// # Errors
    /// A request that cannot be signed; a provider that does not say where its door is.
    pub(super) async fn away(
        &self,
        state: &str,
        proof: Option<&Proof>,
        redirect_uri: &str,
    ) -> Result<String, GosuslugiError> {
        match self {
            Self::Esia(door) => door.authorize_url(state, redirect_uri),
            Self::Oidc(door) => door.away(state, proof, redirect_uri).await,
        }
    }

    /// Who a code is about.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn came(&self, code: &CameBack<'_>, checks: &Checks) -> Result<Came, GosuslugiError> {
        match self {
            Self::Esia(door) => door.came(code, checks).await,
            Self::Oidc(door) => door.came(code, checks).await,
        }
    }

    /// Asks for the consent of somebody's guardians, as the diary itself. `state` is of its token request.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn ask_consent(&self, oid: Oid, state: &str) -> Result<ConsentAnswer, GosuslugiError> {
        match self {
            Self::Esia(door) => door.ask_consent(oid, state).await,
            Self::Oidc(door) => door.ask_consent(oid).await,
        }
    }

    /// New tokens for a refresh token, which is used up. They must be about the same person.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn renew(
        &self,
        (refresh, oid): (&str, Oid),
        state: &str,
        checks: &Checks,
    ) -> Result<Tokens, GosuslugiError> {
        match self {
            Self::Esia(door) => door.renew((refresh, oid), state, checks).await,
            Self::Oidc(door) => door.renew((refresh, oid), checks).await,
        }
    }

    /// Whether an access token still opens what it opened.
    ///
    /// # Errors
    /// As [`GosuslugiError`] says.
    pub(super) async fn standing(
        &self,
        access: &str,
        (oid, snils): (Oid, Option<Snils>),
    ) -> Result<Standing, GosuslugiError> {
        match self {
            Self::Esia(door) => door.standing(access, (oid, snils)).await,
            Self::Oidc(door) => door.standing(access, oid).await,
        }
    }

    /// Where to send a browser that leaves and is to come back to `back`.
    ///
    /// # Errors
    /// A provider that does not say where one leaves.
    pub(super) async fn farewell(&self, back: &str) -> Result<String, GosuslugiError> {
        match self {
            Self::Esia(door) => Ok(door.logout_url(back)),
            Self::Oidc(door) => door.farewell(back).await,
        }
    }
}
