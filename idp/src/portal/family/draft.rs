//! Unfinished child accounts: state, events and errors.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use esia::{Email, Phone};
use serde::{Deserialize, Serialize};

use super::{CardError, CardId};
use crate::portal::accounts::{CodeError, OneTimeCode};

/// Domain of «Детская почта» (R002.6). The real service belongs to Mail.ru.
pub(crate) const CHILDRENS_MAIL: &str = "detskaya-pochta.test";

/// State of the proof of a contact that the guardian entered for the child.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Proof<T> {
    /// The contact is not proved yet; this value would prove it.
    Awaited(T),
    Given,
}

impl<T> Proof<T> {
    /// Whether the contact is proved.
    pub(crate) const fn is_given(&self) -> bool {
        matches!(self, Self::Given)
    }
}

/// Child account that is not yet created, with the contacts to confirm.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// E-mail address of the child.
    pub email: Email,
    /// Proof of the address by the secret in the e-mail's link; «Детская почта» counts as proved.
    pub email_proof: Proof<String>,
    /// Phone of the child with its proof, if a phone was entered.
    pub phone: Option<(Phone, Proof<OneTimeCode>)>,
    /// Expiry of the unfinished account.
    pub expires_at: DateTime<Utc>,
}

impl Draft {
    /// Whether all contacts are confirmed, so only the password is missing.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.email_proof.is_given() && self.phone.as_ref().is_none_or(|(_, proof)| proof.is_given())
    }

    /// Returns the expiry of the SMS code that is awaited.
    pub(crate) fn code_until(&self) -> Option<DateTime<Utc>> {
        match &self.phone {
            Some((_, Proof::Awaited(code))) => Some(code.expires_at),
            _ => None,
        }
    }
}

/// Contacts of a child that a guardian enters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reach {
    pub email: Email,
    /// Whether the address is a new «Детская почта», which is registered with the account.
    pub childrens_mail: bool,
    /// Mobile phone, if one is entered.
    pub phone: Option<Phone>,
}

/// Event of an unfinished child account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ChildAccountEvent {
    /// A guardian started to create an account («Создать») and entered the contacts.
    Started {
        /// Card of the child.
        card: CardId,
        /// E-mail address of the child.
        email: Email,
        /// Secret in the e-mail's link; `None` for «Детская почта».
        token: Option<String>,
        /// Phone of the child, if entered.
        phone: Option<Phone>,
        /// Code in the SMS, if there is a phone.
        code: Option<OneTimeCode>,
        /// Expiry of the unfinished account.
        expires_at: DateTime<Utc>,
    },
    /// Another e-mail was sent; the earlier link is no longer accepted.
    LetterSent {
        /// Card of the child.
        card: CardId,
        /// Secret in the new link.
        token: String,
    },
    /// The link of the e-mail was opened, which confirms the address.
    EmailConfirmed {
        /// Card of the child.
        card: CardId,
    },
    /// Another SMS was sent; the earlier code is no longer accepted.
    CodeSent {
        /// Card of the child.
        card: CardId,
        /// Code in the new SMS.
        code: OneTimeCode,
    },
    /// A wrong code was entered.
    CodeMissed {
        /// Card of the child.
        card: CardId,
    },
    /// The right code was entered, which confirms the phone.
    PhoneConfirmed {
        /// Card of the child.
        card: CardId,
    },
    /// The creation of the account was completed, cancelled or expired.
    Ended {
        /// Card of the child.
        card: CardId,
        how: DraftEnding,
    },
}

/// End of an unfinished child account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DraftEnding {
    /// The account was created.
    Made,
    /// The guardian cancelled the creation.
    Cancelled,
    /// The term for the confirmations ended.
    Lapsed,
}

/// Reason why a step of creating a child's account is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChildAccountError {
    /// The card does not allow the action.
    #[error(transparent)]
    Card(#[from] CardError),
    /// Another account has the e-mail address, or another unfinished one has confirmed it.
    #[error("Эта электронная почта уже используется в другой учётной записи")]
    EmailTaken,
    /// Another account has the phone, or another unfinished one has confirmed it.
    #[error("Этот телефон уже используется в другой учётной записи")]
    PhoneTaken,
    /// The contacts have been entered already.
    #[error("Данные ребёнка уже указаны: подтвердите их или измените")]
    AlreadyStarted,
    /// No contacts have been entered, or their term has ended.
    #[error("Сначала укажите данные ребёнка: прежние не указаны, или срок их подтверждения истёк")]
    NotStarted,
    /// The e-mail address is not confirmed.
    #[error("Подтвердите электронную почту: перейдите по ссылке из письма")]
    EmailNotConfirmed,
    /// The phone is not confirmed.
    #[error("Подтвердите телефон: введите код из SMS")]
    PhoneNotConfirmed,
    /// The contact is confirmed already, or was not entered.
    #[error("Подтверждать нечего")]
    NothingToConfirm,
    /// The code is not accepted.
    #[error(transparent)]
    Code(#[from] CodeError),
    /// The link is unknown, replaced or expired.
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

    /// Returns the form field to which the error belongs, if any.
    pub const fn field(&self) -> Option<&'static str> {
        match self {
            Self::EmailTaken | Self::EmailNotConfirmed => Some("email"),
            Self::PhoneTaken | Self::PhoneNotConfirmed => Some("phone"),
            Self::Code(_) => Some("code"),
            _ => None,
        }
    }
}

/// Unfinished child accounts of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct ChildAccounts {
    pub(super) drafts: BTreeMap<CardId, Draft>,
    pub(super) by_token: BTreeMap<String, CardId>,
    pub(super) emails: BTreeMap<Email, CardId>,
    pub(super) phones: BTreeMap<Phone, CardId>,
}

impl ChildAccounts {
    /// Returns the unfinished account of a card.
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
