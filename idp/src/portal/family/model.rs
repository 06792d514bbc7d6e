//! Cards of children: state, events, and answers of the agencies.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use esia::{Oid, Snils};
use serde::{Deserialize, Serialize};

use super::{AutoUpdate, Card, CardData, CardError, CardId, CheckStatus, Checked, ChildAccounts, Paper};
use crate::portal::agencies::{BirthDocument, Records};

/// Event of «Семья и дети».
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum FamilyEvent {
    /// A guardian, or a service centre on the guardian's behalf, added a card.
    CardAdded {
        /// Number of the new card.
        card: CardId,
        /// Guardian in whose account the card is.
        guardian: Oid,
        /// Data as entered.
        data: CardData,
    },
    /// The check of a card at the agencies started.
    CheckStarted {
        card: CardId,
        /// Time at which ЗАГС will answer; `None` if it has nothing to check.
        zags_at: Option<DateTime<Utc>>,
        /// Time at which СФР will answer; `None` if it has nothing to check.
        sfr_at: Option<DateTime<Utc>>,
    },
    /// ЗАГС answered about a card.
    ZagsAnswered {
        /// Card that was checked.
        card: CardId,
        /// Result for the birth certificate, if it was checked.
        certificate: Option<CheckStatus>,
        /// Results for the other documents that were checked.
        papers: BTreeMap<Paper, CheckStatus>,
    },
    /// СФР answered about a card.
    SfrAnswered {
        /// Card that was checked.
        card: CardId,
        snils: CheckStatus,
        /// СНИЛС that the card has from now on.
        found: Option<Snils>,
    },
    /// The data of the birth certificate were deleted from a card.
    CertificateDeleted { card: CardId },
    /// The data of the birth certificate were entered again.
    CertificateEntered {
        card: CardId,
        /// Birth document as entered.
        certificate: BirthDocument,
    },
    /// Another document was entered, changed or deleted.
    PaperChanged {
        /// Card that was changed.
        card: CardId,
        paper: Paper,
        /// Number of the document; `None` if it was deleted.
        value: Option<String>,
    },
    /// A guardian switched auto-update on.
    AutoUpdateOn { guardian: Oid },
    /// A guardian switched auto-update off, which takes effect at `until`.
    AutoUpdateSwitchingOff { guardian: Oid, until: DateTime<Utc> },
    /// Auto-update is off.
    AutoUpdateOff { guardian: Oid },
}

/// Cards of a world, auto-update of guardians, and unfinished child accounts.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Family {
    pub(super) cards: BTreeMap<CardId, Card>,
    by_guardian: BTreeSet<(Oid, CardId)>,
    last: u64,
    pub(super) auto_update: BTreeMap<Oid, AutoUpdate>,
    /// Unfinished child accounts.
    pub(super) child_accounts: ChildAccounts,
}

impl Family {
    /// Returns a card by its number.
    pub(crate) fn get(&self, card: CardId) -> Option<&Card> {
        self.cards.get(&card)
    }

    /// Returns a guardian's cards, oldest first.
    pub(crate) fn of(&self, guardian: Oid) -> impl Iterator<Item = &Card> {
        let range = (guardian, CardId(0))..=(guardian, CardId(u64::MAX));
        self.by_guardian.range(range).filter_map(|(_, id)| self.cards.get(id))
    }

    /// Returns a card, if it belongs to this guardian.
    ///
    /// # Errors
    /// [`CardError::Unknown`] if there is no such card, or it belongs to another guardian.
    pub(crate) fn own(&self, card: CardId, guardian: Oid) -> Result<&Card, CardError> {
        self.get(card).filter(|card| card.guardian == guardian).ok_or(CardError::Unknown)
    }

    pub(crate) fn insert(&mut self, card: Card) {
        self.last = self.last.max(card.id.0);
        self.by_guardian.insert((card.guardian, card.id));
        self.cards.insert(card.id, card);
    }

    pub(crate) fn next_id(&self) -> CardId {
        CardId(self.last + 1)
    }

    /// Returns the answer of ЗАГС about the pending documents of a card.
    pub(crate) fn zags_answer(&self, id: CardId, records: &Records) -> Option<FamilyEvent> {
        let card = self.get(id)?;
        let citizen = card.citizen();
        let asked = card.certificate.value.as_ref().filter(|_| card.certificate.status.is_pending());
        let certificate = asked.map(|document| CheckStatus::of_zags(records.check_birth(document, &citizen)));
        let answer = |(paper, checked): (&Paper, &Checked<String>)| {
            let (act, number) = (paper.act()?, checked.value.as_ref().filter(|_| checked.status.is_pending())?);
            let number = number.parse().ok();
            let found = number.is_some_and(|number| records.check_act(act, &number, &citizen));
            Some((*paper, CheckStatus::of_zags(found)))
        };
        let papers = card.papers.iter().filter_map(answer).collect();
        Some(FamilyEvent::ZagsAnswered { card: id, certificate, papers })
    }

    /// Returns the answer of СФР: whether the СНИЛС on the card is the child's, or without one the СНИЛС found by name
    /// and day of birth.
    pub(crate) fn sfr_answer(&self, id: CardId, records: &Records) -> Option<FamilyEvent> {
        let card = self.get(id)?;
        let (snils, found) = look_for_snils(records, card.snils.value, &card.citizen());
        Some(FamilyEvent::SfrAnswered { card: id, snils, found })
    }
}

/// Checks a person's СНИЛС at СФР, or without one searches for it. Returns the status and the СНИЛС for the card.
pub(crate) fn look_for_snils(
    records: &Records,
    snils: Option<Snils>,
    citizen: &crate::portal::agencies::Citizen,
) -> (CheckStatus, Option<Snils>) {
    let found = match snils {
        Some(snils) => Some(snils).filter(|snils| records.check_snils(snils, citizen)),
        None => records.find_snils(citizen),
    };
    if found.is_some() { (CheckStatus::Confirmed, found) } else { (CheckStatus::NotInSfr, snils) }
}
