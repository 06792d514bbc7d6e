//! Documents that raise an account from упрощённая to стандартная (R000.5, R004.5; ESIA §6.1).
//!
//! Упрощённая: name and contacts. Стандартная: МВД and СФР have found passport and СНИЛС. Подтверждённая: an МФЦ or an
//! online bank has confirmed the person.

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Oid, Snils, person::Gender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Passport;
use crate::portal::agencies::Agency;

/// Data that a person enters in «Документы и данные».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Identity {
    pub gender: Gender,
    /// Day of birth.
    pub born: NaiveDate,
    pub snils: Snils,
    pub passport: Passport,
}

/// What an agency has answered about a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It is the person's.
    Confirmed,
    /// There is none such, or it is somebody else's.
    NotFound,
    /// It is the person's, and another account has it already.
    Taken,
}

/// State of the check of a document by an agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DocumentCheck {
    Asked {
        /// Time at which the agency will answer.
        answer_at: DateTime<Utc>,
    },
    Answered(Answer),
}

impl DocumentCheck {
    pub(super) fn is_confirmed(self) -> bool {
        self == Self::Answered(Answer::Confirmed)
    }
}

/// Data that a person has entered, with the state of its checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    /// Data as entered.
    pub identity: Identity,
    /// Check of the passport by МВД.
    pub passport: DocumentCheck,
    /// Check of the СНИЛС by СФР.
    pub snils: DocumentCheck,
}

impl Claim {
    /// Whether a check is still pending.
    pub(crate) fn is_pending(&self) -> bool {
        [self.passport, self.snils].iter().any(|check| matches!(check, DocumentCheck::Asked { .. }))
    }

    pub(super) fn check(&mut self, agency: Agency) -> &mut DocumentCheck {
        if agency == Agency::Mvd { &mut self.passport } else { &mut self.snils }
    }
}

/// Event of the check of a person's documents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum IdentityEvent {
    /// A person entered documents, which МВД and СФР now check.
    Entered {
        oid: Oid,
        identity: Box<Identity>,
        /// Time at which МВД will answer.
        passport_at: DateTime<Utc>,
        /// Time at which СФР will answer.
        snils_at: DateTime<Utc>,
    },
    /// МВД (passport) or СФР (СНИЛС) has answered.
    Answered { oid: Oid, agency: Agency, answer: Answer },
    /// Both agencies confirmed: the account has become стандартная.
    Raised { oid: Oid },
}

/// Reason why entered documents are refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// The documents are checked already: the account is not упрощённая, or a guardian created it.
    #[error("Документы уже проверены, менять их не нужно")]
    AlreadyChecked,
    /// A check by МВД or СФР is pending.
    #[error("Данные уже проверяются, дождитесь ответа")]
    Checking,
    /// The person is younger than 14, so has no passport yet.
    #[error("Паспорт выдают с 14 лет: учётную запись ребёнку младше создаёт родитель")]
    TooYoung,
    /// The passport's date of issue is before the 14th birthday or in the future.
    #[error("Такой даты выдачи у паспорта быть не может")]
    IssuedWhen,
    /// Another account has the СНИЛС.
    #[error("Этот СНИЛС уже указан в другой учётной записи")]
    SnilsTaken,
}

impl IdentityError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::AlreadyChecked => "already-checked",
            Self::Checking => "checking",
            Self::TooYoung => "too-young",
            Self::IssuedWhen => "issued-when",
            Self::SnilsTaken => "snils-taken",
        }
    }

    /// Returns the form field to which the error belongs, if any.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::TooYoung => Some("born"),
            Self::IssuedWhen => Some("issued"),
            Self::SnilsTaken => Some("snils"),
            Self::AlreadyChecked | Self::Checking => None,
        }
    }
}
