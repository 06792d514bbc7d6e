//! From упрощённая to подтверждённая: the pure rules (R000.5, R004.5; ESIA §6.1).
//!
//! Упрощённая: name and contacts. Стандартная: МВД and СФР have found passport and СНИЛС. Подтверждённая: a desk has seen
//! the person.

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Oid, Snils, person::Gender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Passport;
use crate::portal::agencies::Agency;

/// What a person enters in «Документы и данные».
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

/// A document under check: whether an agency has answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum DocumentCheck {
    Asked {
        /// When it means to.
        answer_at: DateTime<Utc>,
    },
    Answered(Answer),
}

impl DocumentCheck {
    pub(super) fn is_confirmed(self) -> bool {
        self == Self::Answered(Answer::Confirmed)
    }
}

/// What a person entered, and how its checks stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claim {
    /// What was entered.
    pub identity: Identity,
    /// МВД about the passport.
    pub passport: DocumentCheck,
    /// СФР about the СНИЛС.
    pub snils: DocumentCheck,
}

impl Claim {
    /// Whether an agency has still to answer.
    pub(crate) fn is_pending(&self) -> bool {
        [self.passport, self.snils].iter().any(|check| matches!(check, DocumentCheck::Asked { .. }))
    }

    pub(super) fn check(&mut self, agency: Agency) -> &mut DocumentCheck {
        if agency == Agency::Mvd { &mut self.passport } else { &mut self.snils }
    }
}

/// What happens on the way up the levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum IdentityEvent {
    /// A person entered documents: МВД and СФР look.
    Entered {
        oid: Oid,
        identity: Box<Identity>,
        /// When МВД means to answer.
        passport_at: DateTime<Utc>,
        /// When СФР means to answer.
        snils_at: DateTime<Utc>,
    },
    /// МВД (passport) or СФР (СНИЛС) has answered.
    Answered { oid: Oid, agency: Agency, answer: Answer },
    /// Both have confirmed: the account is стандартная now.
    Raised { oid: Oid },
}

/// Why documents were not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdentityError {
    /// A стандартная account has its documents.
    #[error("Документы уже проверены, менять их не нужно")]
    AlreadyChecked,
    /// МВД or СФР has still to answer.
    #[error("Данные уже проверяются, дождитесь ответа")]
    Checking,
    /// Born in the future, or has no passport yet.
    #[error("Паспорт выдают с 14 лет: учётную запись ребёнку младше создаёт родитель")]
    TooYoung,
    /// Issued before the 14th birthday, or in the future.
    #[error("Такой даты выдачи у паспорта быть не может")]
    IssuedWhen,
    /// Another account has it.
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

    /// The field at fault, if one is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::TooYoung => Some("born"),
            Self::IssuedWhen => Some("issued"),
            Self::SnilsTaken => Some("snils"),
            Self::AlreadyChecked | Self::Checking => None,
        }
    }
}
