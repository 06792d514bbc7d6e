//! Self-registration: the pure rules (R000.4, R004.2). Name, phone or e-mail or both, proof of each, password.

use chrono::{DateTime, Utc};
use esia::{Email, FullName, Oid, Phone};
use serde::{Deserialize, Serialize};
use worlds::Limit;

use super::{OneTimeCode, code::CodeError};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Applicant {
    /// Surname, name, patronymic.
    pub name: FullName,
    /// Phone; this or the e-mail is there.
    pub phone: Option<Phone>,
    pub email: Option<Email>,
}

impl Applicant {
    /// The phone or e-mail that the registration is counted by.
    pub(super) fn contact(&self) -> String {
        let phone = self.phone.map(|phone| phone.to_string());
        phone.or_else(|| self.email.as_ref().map(ToString::to_string)).unwrap_or_default()
    }
}

/// Registrations under way, with one phone or e-mail and in all: a stranger who begins many shuts nobody out.
pub(super) const UNDER_WAY: Limit = Limit { each: 20, all: 10_000 };

/// What happens to a registration under way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum RegistrationEvent {
    Started {
        /// The secret name of the registration.
        registration: String,
        applicant: Applicant,
        /// The code for the phone.
        code: Option<OneTimeCode>,
        /// The secret in the letter's link.
        letter: Option<String>,
        /// Until when it may be finished.
        expires_at: DateTime<Utc>,
    },
    /// Another SMS was asked for; the earlier code no longer works.
    CodeSent { registration: String, code: OneTimeCode },
    /// Another letter was asked for; the earlier link no longer works.
    LetterSent {
        registration: String,
        /// The secret in its link.
        letter: String,
    },
    /// A wrong code was typed.
    CodeMissed { registration: String },
    /// The code was right.
    PhoneProved { registration: String },
    /// The letter's link was followed.
    EmailProved { registration: String },
    /// It ended in an account.
    Completed { registration: String, oid: Oid },
}

/// A phone or an e-mail: what proves it, and how often that was sent. Nothing is left to prove once `proof` is gone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Proof<T> {
    pub(super) proof: Option<T>,
    pub(super) sent: u32,
}

impl<T> Proof<T> {
    pub(super) const fn sent(proof: Option<T>) -> Self {
        Self { proof, sent: 1 }
    }

    fn again(&mut self, proof: T) {
        self.proof = Some(proof);
        self.sent += 1;
    }
}

/// A registration under way.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Registration {
    pub(super) applicant: Applicant,
    pub(super) code: Proof<OneTimeCode>,
    pub(super) letter: Proof<String>,
}

impl Registration {
    pub(crate) fn applicant(&self) -> &Applicant {
        &self.applicant
    }

    /// The phone that still waits for its code.
    pub(crate) fn phone_to_prove(&self) -> Option<Phone> {
        self.applicant.phone.filter(|_| self.code.proof.is_some())
    }

    /// The e-mail whose letter still waits to be followed.
    pub(crate) fn email_to_prove(&self) -> Option<&Email> {
        self.applicant.email.as_ref().filter(|_| self.letter.proof.is_some())
    }
}

/// Why a registration does not go on.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// No such registration under way.
    #[error("Регистрация не найдена: срок истёк или она уже завершена")]
    Gone,
    /// Another account has the e-mail.
    #[error("Эта электронная почта уже используется в другой учётной записи")]
    EmailTaken,
    /// Another account has the phone.
    #[error("Этот телефон уже используется в другой учётной записи")]
    PhoneTaken,
    /// Not the code.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// Not the last letter's link.
    #[error("Ссылка не действует: откройте последнее письмо")]
    OtherLetter,
    /// Phone or e-mail are not proved.
    #[error("Сначала подтвердите телефон и электронную почту, которые указали")]
    NotProved,
    /// Nothing to send, or enough was sent.
    #[error("Больше отправить нельзя: начните регистрацию заново")]
    NoMore,
}

impl RegistrationError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Gone => "registration-gone",
            Self::EmailTaken => "email-taken",
            Self::PhoneTaken => "phone-taken",
            Self::Code(error) => error.code(),
            Self::OtherLetter => "other-letter",
            Self::NotProved => "not-proved",
            Self::NoMore => "no-more",
        }
    }

    /// The field at fault, if one is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken => Some("email"),
            Self::PhoneTaken => Some("phone"),
            Self::Code(_) => Some("code"),
            _ => None,
        }
    }
}

impl Registration {
    pub(super) fn apply(&mut self, event: &RegistrationEvent) {
        match event {
            RegistrationEvent::CodeSent { code, .. } => self.code.again(code.clone()),
            RegistrationEvent::LetterSent { letter, .. } => self.letter.again(letter.clone()),
            RegistrationEvent::CodeMissed { .. } => {
                if let Some(code) = &mut self.code.proof {
                    code.miss();
                }
            }
            RegistrationEvent::PhoneProved { .. } => self.code.proof = None,
            RegistrationEvent::EmailProved { .. } => self.letter.proof = None,
            RegistrationEvent::Started { .. } | RegistrationEvent::Completed { .. } => {}
        }
    }
}
