//! Decisions on a guardian's management of a bound child's account (R003.11).

use std::collections::BTreeSet;

use chrono::NaiveDate;
use esia::{Email, Oid, Phone};

use super::BindingEvent;
use crate::{
    event::Event,
    portal::{
        Portal,
        accounts::{Account, FactorEvent, SecondFactor},
        consents::Ending,
        family::{CardError, CardId, OwnCard},
        notices::NoticeEvent,
        outbox::{Channel, Message, OutboxEvent},
    },
};

/// Reason why a guardian cannot manage a child's account.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ManageError {
    /// The guardian has no such card.
    #[error(transparent)]
    Card(#[from] CardError),
    /// No account of the child is bound to this guardian: it never was, the child is of age, or the account is deleted.
    #[error("Учётная запись ребёнка не привязана к вашей: управлять ею нельзя")]
    NotBound,
    /// The child has no second factor to switch off.
    #[error("Подтверждение входа у ребёнка и так отключено")]
    NoFactor,
    /// Another account has the e-mail address.
    #[error("Эта электронная почта уже используется в другой учётной записи")]
    EmailTaken,
    /// Another account has the phone.
    #[error("Этот телефон уже используется в другой учётной записи")]
    PhoneTaken,
}

impl ManageError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Card(error) => error.code(),
            Self::NotBound => "not-bound",
            Self::NoFactor => "no-second-factor",
            Self::EmailTaken => "email-taken",
            Self::PhoneTaken => "phone-taken",
        }
    }
}

/// New logins of a child's account; at least one is given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Logins {
    pub email: Option<Email>,
    pub phone: Option<Phone>,
}

impl Portal {
    /// Returns the account of the child on a guardian's card, if the guardian may manage it today.
    ///
    /// # Errors
    /// Fails if the card belongs to another guardian, or the account is not bound.
    pub(crate) fn managed(&self, card: CardId, guardian: Oid, today: NaiveDate) -> Result<&Account, ManageError> {
        let card = self.family.own(card, guardian)?;
        self.bound_child(card).filter(|child| child.is_minor(today)).ok_or(ManageError::NotBound)
    }

    /// Changes the e-mail address and phone of a child's account. The child is notified, and an e-mail goes to the old
    /// and the new address.
    ///
    /// # Errors
    /// Fails with a [`ManageError`] if the guardian may not make this change.
    pub(crate) fn change_child_logins(
        &self,
        OwnCard { card, guardian }: OwnCard,
        Logins { email, phone }: Logins,
        today: NaiveDate,
    ) -> Result<Vec<Event>, ManageError> {
        let child = self.managed(card, guardian, today)?;
        let others = |found: Option<&Account>| found.is_some_and(|account| account.oid != child.oid);
        if email.as_ref().is_some_and(|email| others(self.accounts.with_email(email))) {
            return Err(ManageError::EmailTaken);
        }
        if phone.as_ref().is_some_and(|phone| others(self.accounts.with_phone(phone))) {
            return Err(ManageError::PhoneTaken);
        }
        if email == child.email && phone == child.phone {
            return Ok(Vec::new());
        }
        let text = format!("{}: родитель изменил логин учётной записи на Госуслугах", child.name);
        let mut events = vec![told(child.oid, &text, "/lk/profile")];
        let told: BTreeSet<_> = child.email.iter().chain(&email).collect();
        events.extend(told.into_iter().map(|address| letter(address, "Изменены настройки учётной записи", &text)));
        events.push(Event::Binding(BindingEvent::LoginsChanged { guardian, child: child.oid, email, phone }));
        Ok(events)
    }

    /// Sets a new password for a child. The child's sessions end, and tokens issued in them open nothing any more.
    ///
    /// # Errors
    /// Fails with a [`ManageError`] if the guardian may not make this change.
    pub(crate) fn change_child_password(
        &self,
        OwnCard { card, guardian }: OwnCard,
        password: &str,
        today: NaiveDate,
    ) -> Result<Vec<Event>, ManageError> {
        let child = self.managed(card, guardian, today)?;
        let changed = BindingEvent::PasswordChanged { guardian, child: child.oid, password: password.to_owned() };
        Ok(vec![Event::Binding(changed), told(child.oid, "Родитель сменил пароль вашей учётной записи", "/lk/profile")])
    }

    /// Switches a child's second factor off, so that a child who has lost the phone can sign in.
    ///
    /// # Errors
    /// Fails with a [`ManageError`] if the guardian may not make this change.
    pub(crate) fn switch_factor_off(
        &self,
        OwnCard { card, guardian }: OwnCard,
        today: NaiveDate,
    ) -> Result<Vec<Event>, ManageError> {
        let child = self.managed(card, guardian, today)?;
        if child.second_factor == SecondFactor::None {
            return Err(ManageError::NoFactor);
        }
        let (who, did) = (self.name_of(guardian), self.fitting(guardian, ["отключил", "отключила", "отключает"]));
        let text = format!("{who} {did} подтверждение входа в вашу учётную запись");
        let off = FactorEvent::Chosen { oid: child.oid, factor: SecondFactor::None };
        Ok(vec![Event::Factor(off), told(child.oid, &text, "/lk/profile")])
    }

    /// Deletes a child's account: its logins and СНИЛС become free, its sessions, consents and bindings end. The other
    /// guardians are notified.
    ///
    /// # Errors
    /// Fails with a [`ManageError`] if the guardian may not make this change.
    pub(crate) fn delete_child_account(
        &self,
        OwnCard { card, guardian }: OwnCard,
        today: NaiveDate,
    ) -> Result<Vec<Event>, ManageError> {
        let child = self.managed(card, guardian, today)?;
        let mut events = self.end_consents_of(child.oid, Ending::AccountDeleted);
        // A minor may be a guardian, too.
        events.extend(self.bindings.children_of(child.oid).flat_map(|theirs| self.end_consents_by(child.oid, theirs)));
        let text = format!("Учётная запись ребёнка удалена: {}", child.name);
        let others = self.bindings.guardians_of(child.oid).filter(|other| *other != guardian);
        events.extend(others.map(|other| told(other, &text, "/lk/family")));
        events.extend(child.email.as_ref().map(|email| letter(email, "Учётная запись удалена", &text)));
        events.push(Event::Binding(BindingEvent::AccountDeleted { guardian, child: child.oid }));
        Ok(events)
    }
}

fn told(to: Oid, text: &str, link: &str) -> Event {
    Event::Notice(NoticeEvent::Sent { to, text: text.to_owned(), link: link.to_owned() })
}

fn letter(to: &Email, subject: &str, text: &str) -> Event {
    let (to, subject, text) = (to.to_string(), Some(subject.to_owned()), text.to_owned());
    Event::Outbox(OutboxEvent::Sent { message: Message { channel: Channel::Email, to, subject, text, link: None } })
}
