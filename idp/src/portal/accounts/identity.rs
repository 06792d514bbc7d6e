//! From упрощённая to подтверждённая: the pure rules (R000.5, R004.5; ESIA §6.1).
//!
//! Упрощённая: name and contacts. Стандартная: МВД and СФР have found passport and СНИЛС. Подтверждённая: a desk has seen
//! the person.

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Oid, Snils, person::Gender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;

use super::{Account, Accounts, Level, Passport};
use crate::{
    event::Event,
    portal::{
        Deadline, Portal, age,
        agencies::{Agency, Citizen},
        notices::NoticeEvent,
    },
};

/// What a person enters in «Документы и данные».
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Identity {
    /// Пол.
    pub gender: Gender,
    /// Day of birth.
    pub born: NaiveDate,
    /// СНИЛС.
    pub snils: Snils,
    /// Passport.
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DocumentCheck {
    /// Not yet.
    Asked {
        /// When it means to.
        answer_at: DateTime<Utc>,
    },
    /// It has.
    Answered(Answer),
}

impl DocumentCheck {
    fn is_confirmed(self) -> bool {
        self == Self::Answered(Answer::Confirmed)
    }
}

/// What a person entered, and how its checks stand.
#[derive(Debug, Clone, PartialEq, Eq)]
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

    fn check(&mut self, agency: Agency) -> &mut DocumentCheck {
        if agency == Agency::Mvd { &mut self.passport } else { &mut self.snils }
    }
}

/// What happens on the way up the levels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum IdentityEvent {
    /// A person entered documents: МВД and СФР look.
    Entered {
        /// Who.
        oid: Oid,
        /// What.
        identity: Box<Identity>,
        /// When МВД means to answer.
        passport_at: DateTime<Utc>,
        /// When СФР means to answer.
        snils_at: DateTime<Utc>,
    },
    /// МВД (passport) or СФР (СНИЛС) has answered.
    Answered {
        /// Whose document.
        oid: Oid,
        /// Who answered.
        agency: Agency,
        /// What.
        answer: Answer,
    },
    /// Both have confirmed: the account is стандартная now.
    Raised {
        /// Whose.
        oid: Oid,
    },
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
    /// Stable name.
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

impl From<IdentityError> for Problem {
    fn from(error: IdentityError) -> Self {
        let problem = Self::conflict(error.code(), error.to_string());
        match error.field() {
            Some(field) => problem.of(field),
            None => problem,
        }
    }
}

impl Account {
    /// Whether documents still make the account стандартная: it is упрощённая, and its owner's own.
    pub(crate) fn may_enter_documents(&self) -> bool {
        self.level == Level::Simplified && self.made_by.is_none()
    }

    /// Who the agencies look for.
    fn citizen(&self, born: NaiveDate) -> Citizen {
        Citizen { name: self.name.clone(), born }
    }
}

impl Accounts {
    /// What a person entered, until the account is стандартная.
    pub(crate) fn claim(&self, oid: Oid) -> Option<&Claim> {
        self.claims.get(&oid)
    }

    /// The account has become стандартная: what was entered is now known.
    fn raise(&mut self, at: DateTime<Utc>, oid: Oid) -> Option<NaiveDate> {
        let Claim { identity, .. } = self.claims.remove(&oid)?;
        let account = self.by_oid.get_mut(&oid)?;
        account.gender = Some(identity.gender);
        account.born = Some(identity.born);
        account.snils = Some(identity.snils);
        account.passport = Some(identity.passport);
        account.level = Level::Standard;
        account.updated_at = at;
        self.by_snils.insert(identity.snils, oid);
        Some(identity.born)
    }
}

impl Portal {
    /// A person enters documents; МВД and СФР look.
    ///
    /// # Errors
    /// As [`IdentityError`] says.
    pub(crate) fn enter_identity(
        &self,
        oid: Oid,
        identity: &Identity,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, IdentityError> {
        let today = worlds::moscow::date(now);
        if !self.accounts.get(oid).is_some_and(Account::may_enter_documents) {
            return Err(IdentityError::AlreadyChecked);
        }
        if self.accounts.claim(oid).is_some_and(Claim::is_pending) {
            return Err(IdentityError::Checking);
        }
        if age(identity.born, today) < 14 {
            return Err(IdentityError::TooYoung);
        }
        if identity.passport.issued > today || age(identity.born, identity.passport.issued) < 14 {
            return Err(IdentityError::IssuedWhen);
        }
        if self.is_others(oid, &identity.snils) {
            return Err(IdentityError::SnilsTaken);
        }
        let passport_at = self.agencies.answer_at(Agency::Mvd, now);
        let snils_at = self.agencies.answer_at(Agency::Sfr, now);
        let identity = Box::new(identity.clone());
        Ok(vec![Event::Identity(IdentityEvent::Entered { oid, identity, passport_at, snils_at })])
    }

    fn is_others(&self, oid: Oid, snils: &Snils) -> bool {
        self.accounts.with_snils(snils).is_some_and(|owner| owner.oid != oid)
    }

    /// What an agency answers when its time has come, and what follows from it.
    pub(crate) fn identity_answered(&self, oid: Oid, agency: Agency) -> Vec<Event> {
        let Some((account, claim)) = self.accounts.get(oid).zip(self.accounts.claim(oid)) else { return Vec::new() };
        let Identity { born, snils, passport, .. } = &claim.identity;
        let (citizen, records) = (account.citizen(*born), &self.agencies.records);
        let is_found = match agency {
            Agency::Mvd => records.check_passport(passport, &citizen),
            Agency::Sfr | Agency::Zags => records.check_snils(snils, &citizen),
        };
        // Somebody else may have become the owner while the agencies looked.
        let answer = match (is_found, self.is_others(oid, snils)) {
            (false, _) => Answer::NotFound,
            (true, true) => Answer::Taken,
            (true, false) => Answer::Confirmed,
        };
        let other = if agency == Agency::Mvd { claim.snils } else { claim.passport };
        let mut events = vec![Event::Identity(IdentityEvent::Answered { oid, agency, answer })];
        let text = if answer == Answer::Confirmed && other.is_confirmed() {
            events.push(Event::Identity(IdentityEvent::Raised { oid }));
            "Документы проверены: у вас стандартная учётная запись"
        } else if matches!(other, DocumentCheck::Asked { .. }) {
            return events;
        } else {
            "Документы не прошли проверку: исправьте данные в профиле"
        };
        let link = "/lk/profile/documents".to_owned();
        events.push(Event::Notice(NoticeEvent::Sent { to: oid, text: text.to_owned(), link }));
        events
    }

    pub(crate) fn apply_identity(&mut self, at: DateTime<Utc>, event: &IdentityEvent) {
        match event {
            IdentityEvent::Entered { oid, identity, passport_at, snils_at } => {
                let asked = |answer_at| DocumentCheck::Asked { answer_at };
                let (passport, snils) = (asked(*passport_at), asked(*snils_at));
                let claim = Claim { identity: (**identity).clone(), passport, snils };
                self.accounts.claims.insert(*oid, claim);
                self.await_answer(Agency::Mvd, *passport_at, Deadline::Identity(*oid, Agency::Mvd));
                self.await_answer(Agency::Sfr, *snils_at, Deadline::Identity(*oid, Agency::Sfr));
            }
            IdentityEvent::Answered { oid, agency, answer } => {
                if let Some(claim) = self.accounts.claims.get_mut(oid) {
                    *claim.check(*agency) = DocumentCheck::Answered(*answer);
                }
                self.stop_waiting(*agency, Deadline::Identity(*oid, *agency));
            }
            IdentityEvent::Raised { oid } => {
                if let Some(born) = self.accounts.raise(at, *oid) {
                    self.await_majority(*oid, born, at);
                }
            }
        }
    }

    /// A deleted account's documents are looked at no more.
    pub(crate) fn forget_identity(&mut self, oid: Oid) {
        self.accounts.claims.remove(&oid);
        for agency in [Agency::Mvd, Agency::Sfr] {
            self.stop_waiting(agency, Deadline::Identity(oid, agency));
        }
    }
}
