//! Consents and consent requests (Design, Consent on the wire).

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

/// Consent to give a client a person's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Consent {
    pub subject: Oid,
    /// Client that receives the data.
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Person who gave the consent: the subject or a guardian.
    pub given_by: Oid,
    pub given_at: DateTime<Utc>,
    pub expires_at: DateTime<Utc>,
}

/// Status of a consent request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum RequestStatus {
    /// The request is not granted yet. A person who has refused may still grant it.
    Open {
        /// Persons who have refused.
        refused_by: BTreeSet<Oid>,
    },
    /// The request is settled by a consent.
    Granted { consent: ConsentId, by: Oid },
    /// The request can no longer be granted.
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
    /// Returns the reason in Russian, for pages.
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

/// Consent request of a client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ConsentRequest {
    pub subject: Oid,
    /// Client that requests the consent.
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Persons who may grant the request.
    pub to: BTreeSet<Oid>,
    /// Time of the request.
    pub asked_at: DateTime<Utc>,
    /// Expiry of the request.
    pub expires_at: DateTime<Utc>,
    /// Current status of the request.
    pub status: RequestStatus,
}

/// Data of a new consent request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewRequest {
    pub subject: Oid,
    /// Client that requests the consent.
    pub client: Mnemonic,
    pub scopes: BTreeSet<String>,
    pub purpose: String,
    /// Persons who may grant the request.
    pub to: BTreeSet<Oid>,
    /// Expiry of the request.
    pub expires_at: DateTime<Utc>,
}

/// Event of a consent or a consent request.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ConsentEvent {
    /// A client requested a consent.
    Requested {
        /// Number of the request.
        id: RequestId,
        /// Data of the request.
        request: NewRequest,
    },
    /// An open request was sent to guardians who were bound since.
    Reached {
        request: RequestId,
        /// Further persons who may grant the request.
        to: BTreeSet<Oid>,
    },
    /// A request was closed without a consent.
    RequestClosed { request: RequestId, why: Ending },
    /// A consent was given.
    Granted {
        id: ConsentId,
        /// Data of the consent.
        consent: Consent,
    },
    /// A request was refused by one of the persons who may grant it.
    Refused { request: RequestId, by: Oid },
    /// A consent was revoked.
    Revoked { consent: ConsentId, by: Oid },
    /// A consent ended without being revoked.
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
    /// Returns the name in JSON.
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

/// Reason why an action on a consent is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// The consent or request is unknown, or concerns another person.
    #[error("Такого согласия или запроса у вас нет")]
    Unknown,
    /// The consent has been granted already.
    #[error("Согласие уже выдано")]
    AlreadyGranted,
    /// The request is closed.
    #[error("Запрос больше не действует: {}", .0.text())]
    Closed(Ending),
    /// The term is not between 1 and `MAX_DAYS` days.
    #[error("Срок согласия — от 1 дня до {MAX_DAYS} дней")]
    Days,
    /// There is no account with this number.
    #[error("Такой учётной записи нет")]
    NoSubject,
    /// The child's account is not bound to this person.
    #[error("Учётная запись ребёнка не привязана к вашей")]
    NotGuardian,
    /// The client is not offered in «Школьное портфолио».
    #[error("Этой системе согласие заранее не выдаётся")]
    NotOffered,
    /// The client may not have this scope.
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

/// Purpose of consents given in «Школьное портфолио».
pub(crate) const SCHOOL_PURPOSE: &str = "Вход в электронный дневник";
