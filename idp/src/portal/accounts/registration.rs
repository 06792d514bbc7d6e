//! Self-registration: state, events and errors (R000.4, R004.2). A person gives a name and a phone, an e-mail address
//! or both, proves each, and sets a password.

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
    /// Mobile phone; at least one of phone and e-mail is given.
    pub phone: Option<Phone>,
    pub email: Option<Email>,
}

impl Applicant {
    /// Returns the contact by which registrations are counted: the phone, else the e-mail address.
    pub(super) fn contact(&self) -> String {
        let phone = self.phone.map(|phone| phone.to_string());
        phone.or_else(|| self.email.as_ref().map(ToString::to_string)).unwrap_or_default()
    }
}

/// Limit of unfinished registrations, by contact and overall, so that many with one contact do not displace others.
pub(super) const UNDER_WAY: Limit = Limit { each: 20, all: 10_000 };

/// Event of a registration.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum RegistrationEvent {
    Started {
        /// Secret identifier of the registration.
        registration: String,
        applicant: Applicant,
        /// Code sent to the phone.
        code: Option<OneTimeCode>,
        /// Secret in the link of the e-mail.
        letter: Option<String>,
        /// Expiry of the registration.
        expires_at: DateTime<Utc>,
    },
    /// Another SMS was sent; the earlier code is no longer accepted.
    CodeSent { registration: String, code: OneTimeCode },
    /// Another e-mail was sent; the earlier link is no longer accepted.
    LetterSent {
        registration: String,
        /// Secret in the new link.
        letter: String,
    },
    /// A wrong code was entered.
    CodeMissed { registration: String },
    /// The right code was entered, which proves the phone.
    PhoneProved { registration: String },
    /// The link of the e-mail was opened, which proves the address.
    EmailProved { registration: String },
    /// The registration was completed by a new account.
    Completed { registration: String, oid: Oid },
}

/// Proof of a phone or an e-mail address, and how often it was sent. `proof` is `None` once proved, or if there is
/// nothing to prove.
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

/// Registration that is not yet completed.
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

    /// Returns the phone that is not yet proved.
    pub(crate) fn phone_to_prove(&self) -> Option<Phone> {
        self.applicant.phone.filter(|_| self.code.proof.is_some())
    }

    /// Returns the e-mail address that is not yet proved.
    pub(crate) fn email_to_prove(&self) -> Option<&Email> {
        self.applicant.email.as_ref().filter(|_| self.letter.proof.is_some())
    }
}

/// Reason why a step of a registration is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RegistrationError {
    /// The registration is unknown, completed or expired.
    #[error("Регистрация не найдена: срок истёк или она уже завершена")]
    Gone,
    /// Another account has the e-mail address.
    #[error("Эта электронная почта уже используется в другой учётной записи")]
    EmailTaken,
    /// Another account has the phone.
    #[error("Этот телефон уже используется в другой учётной записи")]
    PhoneTaken,
    /// The code is not accepted.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The link is not that of the latest e-mail.
    #[error("Ссылка не действует: откройте последнее письмо")]
    OtherLetter,
    /// The phone or the e-mail address is not yet proved.
    #[error("Сначала подтвердите телефон и электронную почту, которые указали")]
    NotProved,
    /// There is nothing to prove, or the limit of messages is reached.
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

    /// Returns the form field to which the error belongs, if any.
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
