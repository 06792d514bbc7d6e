//! Consents and requests for them (Design, Consent on the wire).

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Number of a consent in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ConsentId(pub u64);

/// Number of a request for a consent in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// A consent: somebody lets a system have somebody's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Consent {
    pub subject: Oid,
    /// Which system has them.
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Who consented: the person, or a guardian.
    pub given_by: Oid,
    pub given_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// How a request for a consent stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RequestStatus {
    /// Nobody has granted it yet. Those who refused may still grant it.
    Open {
        /// Who has refused.
        refused_by: BTreeSet<Oid>,
    },
    /// Settled by a consent.
    Granted { consent: ConsentId, by: Oid },
    /// Nobody can grant it any more.
    Closed { why: Ending },
}

/// Why a consent or a request is no longer what it was, nobody having revoked or answered it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// Its term ended.
    Term,
    /// The person turned 18, and guardians' powers ended.
    OfAge,
    /// The guardian who consented is none any more. What a guardian consents to lasts as long as the guardianship it was
    /// given under: whoever is left has to consent anew. (The documents do not say; this errs on the side of the child.)
    NoGuardian,
    /// The account was deleted.
    AccountDeleted,
    /// The system made another request in its place.
    Replaced,
}

impl Ending {
    /// Why, for a person.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Term => "срок истёк",
            Self::OfAge => "ребёнку исполнилось 18 лет",
            Self::NoGuardian => "родитель больше не связан с учётной записью ребёнка",
            Self::AccountDeleted => "учётная запись удалена",
            Self::Replaced => "система прислала новый запрос",
        }
    }
}

/// A request for a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConsentRequest {
    pub subject: Oid,
    /// Which system asks.
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Who may grant it.
    pub to: BTreeSet<Oid>,
    /// When it was made.
    pub asked_at: DateTime<Utc>,
    /// Until when it may be granted.
    pub expires_at: DateTime<Utc>,
    /// How it stands.
    pub status: RequestStatus,
}

/// What a new request says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewRequest {
    pub subject: Oid,
    /// Which system asks.
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Who may grant it.
    pub to: BTreeSet<Oid>,
    /// Until when it may be granted.
    pub expires_at: DateTime<Utc>,
}

/// What happens to consents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ConsentEvent {
    /// Somebody was asked for a consent.
    Requested {
        /// The request's number.
        id: RequestId,
        /// What it says.
        request: NewRequest,
    },
    /// An open request reached guardians who were bound since.
    Reached {
        request: RequestId,
        /// Who may grant it as well.
        to: BTreeSet<Oid>,
    },
    /// A request can be granted no more.
    RequestClosed { request: RequestId, why: Ending },
    /// A consent was given.
    Granted {
        id: ConsentId,
        /// What it says.
        consent: Consent,
    },
    /// A request was refused by one of those who may grant it.
    Refused { request: RequestId, by: Oid },
    /// A consent was taken back.
    Revoked { consent: ConsentId, by: Oid },
    /// A consent ended by itself.
    Lapsed { consent: ConsentId, why: Ending },
}

/// What a system hears that asked for a consent: never who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct ConsentResponse {
    #[schema(inline)]
    pub(crate) status: ConsentStatus,
    /// How many guardians have been asked; 0 where nobody was.
    pub(crate) guardians: usize,
}

/// What has come of a request for a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ConsentStatus {
    /// The consent is in force already.
    Granted,
    /// Guardians have been asked; the same again asks nobody.
    Requested,
    /// Nobody can be asked.
    NoGuardian,
}

impl ConsentStatus {
    /// As it stands in the answer.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Granted => "granted",
            Self::Requested => "requested",
            Self::NoGuardian => "no-guardian",
        }
    }
}

impl ConsentResponse {
    pub(crate) const GRANTED: Self = Self { status: ConsentStatus::Granted, guardians: 0 };
    pub(crate) const NO_GUARDIAN: Self = Self { status: ConsentStatus::NoGuardian, guardians: 0 };

    pub(crate) const fn requested(guardians: usize) -> Self {
        Self { status: ConsentStatus::Requested, guardians }
    }
}

/// Why an action on a consent was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// No such consent or request, or somebody else's.
    #[error("Такого согласия или запроса у вас нет")]
    Unknown,
    /// It is granted already.
    #[error("Согласие уже выдано")]
    AlreadyGranted,
    /// The request is closed.
    #[error("Запрос больше не действует: {}", .0.text())]
    Closed(Ending),
    /// Not a term that a consent may have.
    #[error("Срок согласия — от 1 дня до {MAX_DAYS} дней")]
    Days,
    /// No account of that number.
    #[error("Такой учётной записи нет")]
    NoSubject,
    /// The person is not a guardian of that child.
    #[error("Учётная запись ребёнка не привязана к вашей")]
    NotGuardian,
    /// A system that is not offered in «Школьное портфолио».
    #[error("Этой системе согласие заранее не выдаётся")]
    NotOffered,
    /// The system may not have such scopes.
    #[error("Системе не разрешена область доступа «{0}»")]
    Scope(String),
}

impl ConsentError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "consent-unknown",
            Self::AlreadyGranted => "consent-already-granted",
            Self::Closed(_) => "consent-request-closed",
            Self::Days => "consent-days",
            Self::NoSubject => "consent-no-subject",
            Self::NotGuardian => "consent-not-guardian",
            Self::NotOffered => "consent-not-offered",
            Self::Scope(_) => "consent-scope",
        }
    }
}

/// Longest term of a consent, days.
pub(crate) const MAX_DAYS: u32 = 1825;

/// What consents to a school's systems are for.
pub(crate) const SCHOOL_PURPOSE: &str = "Вход в электронный дневник";
