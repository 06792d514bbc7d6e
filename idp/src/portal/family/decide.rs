//! Decisions on cards: add, send to be checked, edit, offer «Создать» (R000.7, R001.1, R003.6, R003.8–10, R004.6–8).

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use esia::Oid;
use worlds::Decided;

use super::{Card, CardData, CardError, CardId, FamilyEvent, Paper};
use crate::{
    event::Event,
    portal::{
        Portal,
        accounts::Level,
        age,
        agencies::{Agency, BirthDocument, BirthKind, Term},
    },
    settings::Ruleset,
};

impl Portal {
    /// Adds a child's card on behalf of the guardian.
    ///
    /// # Errors
    /// Fails with a [`CardError`] if a rule forbids the action.
    pub(crate) fn add_card(
        &self,
        guardian: Oid,
        data: CardData,
        today: NaiveDate,
    ) -> Result<Decided<Event, CardId>, CardError> {
        if data.certificate.as_ref().is_some_and(|document| document.kind() == BirthKind::Foreign) {
            return Err(CardError::ForeignDocument);
        }
        self.auto_update(guardian).allows_editing()?;
        self.make_card(guardian, data, today)
    }

    /// Creates a card that a guardian enters, or a service centre in the case of a foreign document (R004.7).
    ///
    /// # Errors
    /// Fails with a [`CardError`] if a rule forbids the action.
    pub(crate) fn make_card(
        &self,
        guardian: Oid,
        data: CardData,
        today: NaiveDate,
    ) -> Result<Decided<Event, CardId>, CardError> {
        let confirmed = self.accounts.get(guardian).is_some_and(|account| account.level == Level::Confirmed);
        if !confirmed {
            return Err(CardError::NotConfirmed);
        }
        if !(0..18).contains(&age(data.born, today)) {
            return Err(CardError::NotAChild);
        }
        let same = |card: &Card| {
            let documents = card.certificate.value.is_some() && card.certificate.value == data.certificate
                || card.snils.value.is_some() && card.snils.value == data.snils;
            documents || card.name == data.name && card.born == data.born
        };
        if self.family.of(guardian).any(same) {
            return Err(CardError::AlreadyThere);
        }
        let card = self.family.next_id();
        Ok((vec![Event::Family(FamilyEvent::CardAdded { card, guardian, data })], card))
    }

    /// Sends the marked cards to be checked («Отправить»). ЗАГС checks them, and the search for each СНИЛС starts, too
    /// (R003.6).
    ///
    /// # Errors
    /// Fails with a [`CardError`]; if one of the cards cannot be sent, none is.
    pub(crate) fn send_to_check(
        &self,
        cards: &BTreeSet<CardId>,
        guardian: Oid,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, CardError> {
        if cards.is_empty() {
            return Err(CardError::NothingMarked);
        }
        self.check_cards(cards, guardian, None, now)
    }

    /// Starts the check of each card. ЗАГС answers after `term`, or after its usual time if `None`.
    pub(super) fn check_cards(
        &self,
        cards: &BTreeSet<CardId>,
        guardian: Oid,
        term: Option<Term>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, CardError> {
        let check = |id: &CardId| {
            let card = self.family.own(*id, guardian)?;
            let one_of_many =
                |why: CardError| CardError::OneOfMarked { name: card.name.to_string(), why: Box::new(why) };
            let why_not = match () {
                () if card.is_checked_now() => Some(CardError::Checking),
                () if !card.may_be_checked() => Some(CardError::NothingToCheck),
                () => None,
            };
            if let Some(why) = why_not {
                return Err(if cards.len() > 1 { one_of_many(why) } else { why });
            }
            let zags_at = card.needs_zags().then(|| match term {
                Some(term) => self.agencies.answer_after(Agency::Zags, term, now),
                None => self.agencies.answer_at(Agency::Zags, now),
            });
            let sfr_at = card.needs_sfr().then(|| self.agencies.answer_at(Agency::Sfr, now));
            Ok(Event::Family(FamilyEvent::CheckStarted { card: *id, zags_at, sfr_at }))
        };
        cards.iter().map(check).collect()
    }

    /// Deletes the data of the birth certificate: the first step to correct a certificate that is not confirmed
    /// (R000.7).
    ///
    /// # Errors
    /// Fails with a [`CardError`]; a confirmed certificate cannot be deleted.
    pub(crate) fn delete_certificate(&self, card: CardId, guardian: Oid) -> Result<Vec<Event>, CardError> {
        let card = self.family.own(card, guardian)?;
        if card.is_checked_now() {
            return Err(CardError::Checking);
        }
        if !card.may_lose_certificate() {
            return Err(CardError::NoCertificate);
        }
        self.auto_update(guardian).allows_editing()?;
        Ok(vec![Event::Family(FamilyEvent::CertificateDeleted { card: card.id })])
    }

    /// Enters the data of the birth certificate again: the second step.
    ///
    /// # Errors
    /// Fails with a [`CardError`] if a rule forbids the action.
    pub(crate) fn enter_certificate(
        &self,
        card: CardId,
        guardian: Oid,
        certificate: BirthDocument,
    ) -> Result<Vec<Event>, CardError> {
        let card = self.family.own(card, guardian)?;
        if card.certificate.value.is_some() {
            return Err(CardError::CertificateThere);
        }
        if certificate.kind() == BirthKind::Foreign {
            return Err(CardError::ForeignDocument);
        }
        if self.family.of(guardian).any(|other| other.certificate.value.as_ref() == Some(&certificate)) {
            return Err(CardError::AlreadyThere);
        }
        self.auto_update(guardian).allows_editing()?;
        Ok(vec![Event::Family(FamilyEvent::CertificateEntered { card: card.id, certificate })])
    }

    /// Enters, changes or (without a value) deletes a document other than the birth certificate. This is allowed while
    /// auto-update is on (R003.9).
    ///
    /// # Errors
    /// Fails with a [`CardError`] if a rule forbids the action.
    pub(crate) fn change_paper(
        &self,
        card: CardId,
        guardian: Oid,
        paper: Paper,
        value: Option<String>,
    ) -> Result<Vec<Event>, CardError> {
        let card = self.family.own(card, guardian)?;
        card.may_change(paper)?;
        let now = card.paper(paper).value;
        if value.is_none() && now.is_none() {
            return Err(CardError::NoPaper);
        }
        let twin = |other: &Card| other.id != card.id && other.paper(paper).value == value;
        if value.is_some() && self.family.of(guardian).any(twin) {
            return Err(CardError::AlreadyThere);
        }
        Ok(vec![Event::Family(FamilyEvent::PaperChanged { card: card.id, paper, value })])
    }

    /// Checks whether a card offers «Создать» (R003.10, R004.6, R004.7).
    ///
    /// # Errors
    /// The [`CardError`] that tells why the card does not offer it.
    pub(crate) fn offers_account(&self, card: &Card, today: NaiveDate) -> Result<(), CardError> {
        let ruleset = self.settings.ruleset;
        if card.snils.value.as_ref().is_some_and(|snils| self.accounts.with_snils(snils).is_some()) {
            return Err(CardError::HasAccount);
        }
        if age(card.born, today) > ruleset.oldest_child() {
            return Err(CardError::TooOld(ruleset.oldest_child()));
        }
        let kind = card.certificate.value.as_ref().map_or(BirthKind::Russian, BirthDocument::kind);
        if kind == BirthKind::Ussr || kind == BirthKind::Foreign && ruleset == Ruleset::Of2023 {
            return Err(CardError::NotRussian(kind));
        }
        if !card.certificate.is_confirmed() || !card.snils.is_confirmed() {
            return Err(CardError::NotChecked { certificate: card.certificate.status, snils: card.snils.status });
        }
        Ok(())
    }

    /// Returns the account of the child on a card that is bound to the card's guardian.
    pub(crate) fn bound_account(&self, card: &Card) -> Option<Oid> {
        self.bound_child(card).map(|account| account.oid)
    }
}
