//! Binding: the pure rules (R000.6–R000.10, R003.12, R003.13).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{Email, Oid, Phone};
use serde::{Deserialize, Serialize};
use worlds::{Decided, WorldRng};

use super::{BindingCode, BindingError, Code, RedeemError};
use crate::{
    event::Event,
    portal::{
        Deadline, Portal,
        accounts::{Account, Session},
        age,
        consents::Ending,
        family::{Card, CardId},
        notices::NoticeEvent,
    },
};

/// What happens to bindings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum BindingEvent {
    /// A guardian got a code; an earlier one for the same card no longer works.
    CodeIssued {
        /// The guardian's card of the child.
        card: CardId,
        /// Who asked.
        guardian: Oid,
        /// Whose account.
        child: Oid,
        /// The digits.
        code: BindingCode,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A wrong code was entered in a child's account.
    CodeMissed {
        /// Whose.
        child: Oid,
    },
    /// A code's term ended.
    CodeLapsed {
        /// Of which card.
        card: CardId,
    },
    /// A guardian and a child's account were bound.
    Bound {
        /// The guardian.
        guardian: Oid,
        /// The child.
        child: Oid,
        /// The card whose code did it; none when the guardian made the account.
        card: Option<CardId>,
    },
    /// A person turned 18: nobody is their guardian any more.
    CameOfAge {
        /// Who.
        person: Oid,
    },
    /// A guardian changed the logins of a child's account.
    LoginsChanged {
        /// The guardian.
        guardian: Oid,
        /// The child.
        child: Oid,
        /// The e-mail now.
        email: Option<Email>,
        /// The phone now.
        phone: Option<Phone>,
    },
    /// A guardian made a child a new password; the child's sessions end.
    PasswordChanged {
        /// The guardian.
        guardian: Oid,
        /// The child.
        child: Oid,
        /// The new password.
        password: String,
    },
    /// A guardian deleted a child's account.
    AccountDeleted {
        /// The guardian.
        guardian: Oid,
        /// The child.
        child: Oid,
    },
}

/// Wrong codes before the waiting one stops working.
const MAX_FAILURES: u32 = 5;

/// Who is bound to whom, and the codes that wait.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bindings {
    of_child: BTreeSet<(Oid, Oid)>,
    of_guardian: BTreeSet<(Oid, Oid)>,
    codes: BTreeMap<CardId, Code>,
    waiting: BTreeSet<(Oid, CardId)>,
}

impl Bindings {
    /// Guardians that a child's account is bound to.
    pub(crate) fn guardians_of(&self, child: Oid) -> impl Iterator<Item = Oid> {
        let range = (child, Oid::new(0))..=(child, Oid::new(u64::MAX));
        self.of_child.range(range).map(|(_, guardian)| *guardian)
    }

    /// Children whose accounts are bound to a guardian's.
    pub(crate) fn children_of(&self, guardian: Oid) -> impl Iterator<Item = Oid> {
        let range = (guardian, Oid::new(0))..=(guardian, Oid::new(u64::MAX));
        self.of_guardian.range(range).map(|(_, child)| *child)
    }

    /// Whether the two are bound.
    pub(crate) fn is_guardian(&self, guardian: Oid, child: Oid) -> bool {
        self.of_guardian.contains(&(guardian, child))
    }

    /// The code that lives for a card.
    pub(crate) fn code(&self, card: CardId, now: DateTime<Utc>) -> Option<&Code> {
        self.codes.get(&card).filter(|code| now < code.expires_at)
    }

    /// The codes that wait for a child's account.
    fn waiting_for(&self, child: Oid, now: DateTime<Utc>) -> impl Iterator<Item = (CardId, &Code)> {
        let range = (child, CardId(0))..=(child, CardId(u64::MAX));
        self.waiting.range(range).filter_map(move |(_, card)| self.code(*card, now).map(|code| (*card, code)))
    }

    /// Whether a block to enter a code is shown in «Профиль»: only while a code lives (R003.13), and not in a session
    /// that began under the ministry's consent (R000.10).
    pub(crate) fn shows_block(&self, session: &Session, now: DateTime<Utc>) -> bool {
        session.binding_window && self.waiting_for(session.oid, now).next().is_some()
    }

    /// Whether the window is shown: as the block, until it is closed.
    pub(crate) fn shows_window(&self, session: &Session, now: DateTime<Utc>) -> bool {
        !session.window_closed && self.shows_block(session, now)
    }

    /// Ends guardianship, and with it the codes that wait.
    pub(crate) fn unbind(&mut self, guardian: Oid, child: Oid) {
        self.of_child.remove(&(child, guardian));
        self.of_guardian.remove(&(guardian, child));
    }

    pub(crate) fn bind(&mut self, guardian: Oid, child: Oid) {
        self.of_child.insert((child, guardian));
        self.of_guardian.insert((guardian, child));
    }

    fn drop_code(&mut self, card: CardId) -> Option<Code> {
        let code = self.codes.remove(&card)?;
        self.waiting.remove(&(code.child, card));
        Some(code)
    }
}

/// Whether an account is that of the child on a card: same name and day of birth, and СНИЛС where both know one.
fn matches(card: &Card, account: &Account) -> bool {
    let snils = card.snils.value.as_ref().zip(account.snils.as_ref());
    card.name == account.name && account.born == Some(card.born) && snils.is_none_or(|(card, account)| card == account)
}

impl Portal {
    /// Whether «Привязать» is on a card (R000.7): the certificate is confirmed, the child is a minor, and this guardian is
    /// bound to no account of that child.
    pub(crate) fn offers_binding(&self, card: &Card, today: NaiveDate) -> bool {
        self.may_bind(card, today).is_ok()
    }

    /// The same with the reason.
    pub(super) fn may_bind(&self, card: &Card, today: NaiveDate) -> Result<(), BindingError> {
        if age(card.born, today) >= 18 {
            return Err(BindingError::ComeOfAge);
        }
        if self.bound_child(card).is_some() {
            return Err(BindingError::AlreadyBound);
        }
        if card.certificate.is_confirmed() { Ok(()) } else { Err(BindingError::CertificateNotConfirmed) }
    }

    /// The account of the child on a card that is bound to the card's owner.
    pub(crate) fn bound_child(&self, card: &Card) -> Option<&Account> {
        let mut bound = self.bindings.children_of(card.guardian).filter_map(|child| self.accounts.get(child));
        bound.find(|child| matches(card, child))
    }

    /// A guardian asks for a code for the account with the child's e-mail (R000.8). A new code puts the old one out of use.
    ///
    /// # Errors
    /// As [`BindingError`] says.
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

    /// The child enters a code in the child's own account (R000.9). A wrong one is an event too: tries are counted.
    ///
    /// # Errors
    /// When no code waits for this account.
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

    /// What falls due on a person's 18th birthday: guardians' powers end, and with them the consents that they gave.
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
                self.accounts.set_logins(at, *child, (email.as_ref(), phone.as_ref()));
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

    /// An account that a child made alone holds a passport only. Bound, it holds the birth certificate of the card as well:
    /// ЗАГС has confirmed it, and a diary looks for it (R001.2).
    fn learn_certificate(&mut self, child: Oid, card: CardId, at: DateTime<Utc>) {
        let certificate = self.family.get(card).filter(|card| card.certificate.is_confirmed());
        let certificate = certificate.and_then(|card| card.certificate.value.as_ref()?.russian().cloned());
        self.accounts.learn_certificate(child, certificate, at);
    }

    /// Nobody is the person's guardian any more, and no code can make somebody one.
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
