//! Decisions on binding, and the application of their events (R000.6–R000.10, R003.12, R003.13).

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{Email, Oid};
use worlds::{Decided, WorldRng};

use super::{BindingCode, BindingError, Code, RedeemError, model::BindingEvent};
use crate::{
    event::Event,
    portal::{
        Deadline, Portal,
        accounts::Account,
        age,
        consents::Ending,
        family::{Card, CardId},
        notices::NoticeEvent,
    },
};

/// Number of wrong attempts after which a waiting code is no longer valid.
const MAX_FAILURES: u32 = 5;

/// Checks whether an account belongs to the child on a card: same name and day of birth, and the same СНИЛС if both
/// have one.
fn matches(card: &Card, account: &Account) -> bool {
    let snils = card.snils.value.as_ref().zip(account.snils.as_ref());
    card.name == account.name && account.born == Some(card.born) && snils.is_none_or(|(card, account)| card == account)
}

impl Portal {
    /// Checks whether a card offers «Привязать» (R000.7): the certificate is confirmed, the child is a minor, and no
    /// account of the child is bound to this guardian.
    pub(crate) fn offers_binding(&self, card: &Card, today: NaiveDate) -> bool {
        self.may_bind(card, today).is_ok()
    }

    /// Does the same as [`Portal::offers_binding`], and returns the reason for a refusal.
    pub(super) fn may_bind(&self, card: &Card, today: NaiveDate) -> Result<(), BindingError> {
        if age(card.born, today) >= 18 {
            return Err(BindingError::ComeOfAge);
        }
        if self.bound_child(card).is_some() {
            return Err(BindingError::AlreadyBound);
        }
        if card.certificate.is_confirmed() { Ok(()) } else { Err(BindingError::CertificateNotConfirmed) }
    }

    /// Returns the account of the child on a card that is bound to the card's guardian.
    pub(crate) fn bound_child(&self, card: &Card) -> Option<&Account> {
        let mut bound = self.bindings.children_of(card.guardian).filter_map(|child| self.accounts.get(child));
        bound.find(|child| matches(card, child))
    }

    /// Issues a code for the account with the child's e-mail address (R000.8). A new code replaces the card's earlier
    /// one.
    ///
    /// # Errors
    /// Fails with a [`BindingError`] if the card or the account cannot be bound.
    pub(crate) fn issue_binding_code(
        &self,
        card: &Card,
        email: &Email,
        now: DateTime<Utc>,
        rng: &mut WorldRng,
    ) -> Result<Decided<Event, BindingCode>, BindingError> {
        let today = worlds::moscow::date(now);
        self.may_bind(card, today)?;
        let child = self.accounts.with_email(email).ok_or(BindingError::NobodyHasEmail)?;
        if child.born.is_none() {
            return Err(BindingError::NotIdentified);
        }
        if !child.is_minor(today) {
            return Err(BindingError::Adult);
        }
        if !matches(card, child) {
            return Err(BindingError::OtherChild);
        }
        let code = BindingCode::drawn(rng.digits(6));
        let expires_at = now + TimeDelta::seconds(i64::from(self.settings.binding_code_ttl_s));
        let (guardian, child) = (card.guardian, child.oid);
        let issued = BindingEvent::CodeIssued { card: card.id, guardian, child, code: code.clone(), expires_at };
        Ok((vec![Event::Binding(issued)], code))
    }

    /// Redeems a code in the child's own account (R000.9). A wrong code fails and yet records an event, because
    /// attempts are counted.
    ///
    /// # Errors
    /// [`RedeemError::NothingToRedeem`] if no code waits for this account.
    pub(crate) fn redeem_code(
        &self,
        child: Oid,
        code: &BindingCode,
        now: DateTime<Utc>,
    ) -> Result<Decided<Event, Result<Oid, RedeemError>>, RedeemError> {
        let mut tries_left = 0;
        for (card, waiting) in self.bindings.waiting_for(child, now) {
            if waiting.code.is(code) {
                let guardian = waiting.guardian;
                let bound = Event::Binding(BindingEvent::Bound { guardian, child, card: Some(card) });
                let text = format!("Учётная запись ребёнка привязана: {}", self.name_of(child));
                let notice = NoticeEvent::Sent { to: guardian, text, link: format!("/lk/family/{}", card.0) };
                return Ok((vec![bound, Event::Notice(notice)], Ok(guardian)));
            }
            tries_left = tries_left.max(MAX_FAILURES - waiting.failures);
        }
        if tries_left == 0 {
            return Err(RedeemError::NothingToRedeem);
        }
        let missed = Event::Binding(BindingEvent::CodeMissed { child });
        Ok((vec![missed], Err(RedeemError::Wrong { left: tries_left - 1 })))
    }

    /// Returns the events of a person's 18th birthday: guardians lose their powers, and the consents that they gave
    /// end.
    pub(crate) fn came_of_age(&self, person: Oid) -> Vec<Event> {
        let ended = self.end_consents_of(person, Ending::OfAge);
        std::iter::once(Event::Binding(BindingEvent::CameOfAge { person })).chain(ended).collect()
    }

    pub(crate) fn apply_binding(&mut self, at: DateTime<Utc>, event: &BindingEvent) {
        match event {
            BindingEvent::CodeIssued { card, guardian, child, code, expires_at } => {
                self.drop_code(*card);
                let (code, guardian, child, expires_at) = (code.clone(), *guardian, *child, *expires_at);
                self.bindings.waiting.insert((child, *card));
                self.bindings.codes.insert(*card, Code { code, guardian, child, expires_at, failures: 0 });
                self.agenda.insert((expires_at, Deadline::BindingCode(*card)));
            }
            BindingEvent::CodeMissed { child } => {
                let cards: Vec<_> = self.bindings.waiting_for(*child, at).map(|(card, _)| card).collect();
                for card in cards {
                    let failures = self.bindings.codes.get_mut(&card).map_or(0, |code| {
                        code.failures += 1;
                        code.failures
                    });
                    if failures >= MAX_FAILURES {
                        self.drop_code(card);
                    }
                }
            }
            BindingEvent::CodeLapsed { card } => self.drop_code(*card),
            BindingEvent::Bound { guardian, child, card } => {
                if let Some(card) = card {
                    self.drop_code(*card);
                    self.learn_certificate(*child, *card, at);
                }
                self.bindings.bind(*guardian, *child);
            }
            BindingEvent::CameOfAge { person } => {
                if let Some(born) = self.accounts.get(*person).and_then(|account| account.born) {
                    self.forget_majority(*person, born);
                }
                self.end_guardianship(*person);
            }
            BindingEvent::LoginsChanged { child, email, phone, .. } => {
                self.accounts.set_logins(at, *child, email.as_ref(), phone.as_ref());
            }
            BindingEvent::PasswordChanged { child, password, .. } => self.accounts.set_password(at, *child, password),
            BindingEvent::AccountDeleted { child, .. } => {
                if let Some(born) = self.accounts.remove(*child).and_then(|account| account.born) {
                    self.forget_majority(*child, born);
                }
                self.forget_identity(*child);
                self.notices.forget(*child);
                self.consents.forget(*child);
                self.end_guardianship(*child);
                let children: Vec<_> = self.bindings.children_of(*child).collect();
                for of_theirs in children {
                    self.bindings.unbind(*child, of_theirs);
                }
            }
        }
    }

    /// Copies the birth certificate of the card into the account: an account that a child registered alone holds only a
    /// passport. ЗАГС has confirmed the certificate, and a diary looks for it (R001.2).
    fn learn_certificate(&mut self, child: Oid, card: CardId, at: DateTime<Utc>) {
        let certificate = self.family.get(card).filter(|card| card.certificate.is_confirmed());
        let certificate = certificate.and_then(|card| card.certificate.value.as_ref()?.russian().cloned());
        self.accounts.learn_certificate(child, certificate, at);
    }

    /// Removes all guardians of a person and all codes that could add one.
    fn end_guardianship(&mut self, child: Oid) {
        let range = (child, CardId(0))..=(child, CardId(u64::MAX));
        let cards: Vec<_> = self.bindings.waiting.range(range).map(|(_, card)| *card).collect();
        for card in cards {
            self.drop_code(card);
        }
        let guardians: Vec<_> = self.bindings.guardians_of(child).collect();
        for guardian in guardians {
            self.bindings.unbind(guardian, child);
        }
    }

    fn drop_code(&mut self, card: CardId) {
        if let Some(code) = self.bindings.drop_code(card) {
            self.agenda.remove(&(code.expires_at, Deadline::BindingCode(card)));
        }
    }
}
