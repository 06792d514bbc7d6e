//! A child's account that is being made: its state, what happens to it, and why a step is refused.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use esia::{Email, Phone};
use serde::{Deserialize, Serialize};

use super::{CardError, CardId};
use crate::portal::accounts::{CodeError, OneTimeCode};

/// The domain of «Детская почта» (R002.6); the real one is Mail.ru's.
pub(crate) const CHILDRENS_MAIL: &str = "detskaya-pochta.test";

/// Whether the child can be reached where the guardian said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Proof<T> {
    /// Not known yet; this would prove it.
    Awaited(T),
    Given,
}

impl<T> Proof<T> {
    /// Whether it is known.
    pub(crate) const fn is_given(&self) -> bool {
        matches!(self, Self::Given)
    }
}

/// A child's account that is being made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The child's e-mail.
    pub email: Email,
    /// The secret in the letter's link; given from the start for «Детская почта».
    pub email_proof: Proof<String>,
    /// The child's phone, if one was given.
    pub phone: Option<(Phone, Proof<OneTimeCode>)>,
    /// When it lapses.
    pub expires_at: DateTime<Utc>,
}

impl Draft {
    /// Whether only the password is missing.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.email_proof.is_given() && self.phone.as_ref().is_none_or(|(_, proof)| proof.is_given())
    }

    /// Until when the code that was sent works.
    pub(crate) fn code_until(&self) -> Option<DateTime<Utc>> {
        match &self.phone {
            Some((_, Proof::Awaited(code))) => Some(code.expires_at),
            _ => None,
        }
    }
}

/// Where a child can be reached, as the guardian says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reach {
    pub email: Email,
    /// Whether it is a «Детская почта» that is registered on the way.
    pub childrens_mail: bool,
    /// The phone, if one is given.
    pub phone: Option<Phone>,
}

/// What happens to child accounts that are being made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ChildAccountEvent {
    /// «Создать» was pressed, and the child's data entered.
    Started {
        /// On which card.
        card: CardId,
        /// The child's e-mail.
        email: Email,
        /// The secret in the letter's link; none for «Детская почта».
        token: Option<String>,
        /// The child's phone.
        phone: Option<Phone>,
        /// The code in the SMS.
        code: Option<OneTimeCode>,
        /// When it lapses.
        expires_at: DateTime<Utc>,
    },
    /// Another letter was sent; the link of the former one is dead.
    LetterSent {
        /// About which card.
        card: CardId,
        /// The secret in its link.
        token: String,
    },
    /// The letter's link was followed.
    EmailConfirmed {
        /// About which card.
        card: CardId,
    },
    /// Another SMS was sent; the former code is dead.
    CodeSent {
        /// About which card.
        card: CardId,
        /// The code in it.
        code: OneTimeCode,
    },
    /// A wrong code was entered.
    CodeMissed {
        /// About which card.
        card: CardId,
    },
    /// The code was entered.
    PhoneConfirmed {
        /// About which card.
        card: CardId,
    },
    /// The account exists, or will not.
    Ended {
        /// On which card.
        card: CardId,
        how: DraftEnding,
    },
}

/// How a half-made account ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftEnding {
    /// The account was made.
    Made,
    /// The guardian thought better of it.
    Cancelled,
    /// Its term ended.
    Lapsed,
}

/// Why a step towards a child's account was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChildAccountError {
    /// The card does not allow it.
    #[error(transparent)]
    Card(#[from] CardError),
    /// Somebody has that e-mail.
    #[error("Эта электронная почта уже используется в другой учётной записи")]
    EmailTaken,
    /// Somebody has that phone.
    #[error("Этот телефон уже используется в другой учётной записи")]
    PhoneTaken,
    /// The data are entered already.
    #[error("Данные ребёнка уже указаны: подтвердите их или измените")]
    AlreadyStarted,
    /// Nothing was entered yet, or it has lapsed.
    #[error("Сначала укажите данные ребёнка: прежние не указаны, или срок их подтверждения истёк")]
    NotStarted,
    /// The letter's link was not followed.
    #[error("Подтвердите электронную почту: перейдите по ссылке из письма")]
    EmailNotConfirmed,
    /// The code was not entered.
    #[error("Подтвердите телефон: введите код из SMS")]
    PhoneNotConfirmed,
    /// It is confirmed already, or was never given.
    #[error("Подтверждать нечего")]
    NothingToConfirm,
    /// The code was not taken.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The letter's link does not work.
    #[error("Ссылка не действует: срок истёк, отправлено новое письмо, или учётная запись уже создана")]
    LinkLapsed,
}

impl ChildAccountError {
    pub fn code(&self) -> &'static str {
        match self {
            Self::Card(error) => error.code(),
            Self::EmailTaken => "email-taken",
            Self::PhoneTaken => "phone-taken",
            Self::AlreadyStarted => "already-started",
            Self::NotStarted => "not-started",
            Self::EmailNotConfirmed => "email-not-confirmed",
            Self::PhoneNotConfirmed => "phone-not-confirmed",
            Self::NothingToConfirm => "nothing-to-confirm",
            Self::Code(error) => error.code(),
            Self::LinkLapsed => "link-lapsed",
        }
    }

    /// The field at fault, if one is.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken | Self::EmailNotConfirmed => Some("email"),
            Self::PhoneTaken | Self::PhoneNotConfirmed => Some("phone"),
            Self::Code(_) => Some("code"),
            _ => None,
        }
    }
}

/// All half-made child accounts of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct ChildAccounts {
    pub(super) drafts: BTreeMap<CardId, Draft>,
    pub(super) by_token: BTreeMap<String, CardId>,
    pub(super) emails: BTreeMap<Email, CardId>,
    pub(super) phones: BTreeMap<Phone, CardId>,
}

impl ChildAccounts {
    /// The one of a card.
    pub(super) fn get(&self, card: CardId) -> Option<&Draft> {
        self.drafts.get(&card)
    }

    pub(super) fn forget_token(&mut self, card: CardId) {
        if let Some(Draft { email_proof: Proof::Awaited(token), .. }) = self.drafts.get(&card) {
            self.by_token.remove(token);
        }
    }

    pub(super) fn confirm_email(&mut self, card: CardId) {
        self.forget_token(card);
        if let Some(draft) = self.drafts.get_mut(&card) {
            draft.email_proof = Proof::Given;
            self.emails.insert(draft.email.clone(), card);
        }
    }

    pub(super) fn confirm_phone(&mut self, card: CardId) {
        if let Some((phone, proof)) = self.drafts.get_mut(&card).and_then(|draft| draft.phone.as_mut()) {
            *proof = Proof::Given;
            self.phones.insert(*phone, card);
        }
    }

    pub(super) fn remove(&mut self, card: CardId) -> Option<Draft> {
        self.forget_token(card);
        let draft = self.drafts.remove(&card)?;
        if self.emails.get(&draft.email) == Some(&card) {
            self.emails.remove(&draft.email);
        }
        if let Some((phone, _)) = &draft.phone
            && self.phones.get(phone) == Some(&card)
        {
            self.phones.remove(phone);
        }
        Some(draft)
    }
}
