//! Cards of children: what is kept of them, and what happens to them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use esia::{Oid, Snils};
use serde::{Deserialize, Serialize};

use super::{AutoUpdate, Card, CardData, CardError, CardId, CheckStatus, Checked, ChildAccounts, Paper};
use crate::portal::agencies::{BirthDocument, Records};

/// What happens in «Семья и дети».
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum FamilyEvent {
    /// A guardian, or a service centre for one, added a child.
    CardAdded {
        /// The card's number.
        card: CardId,
        /// Whose account it is in.
        guardian: Oid,
        /// What was entered.
        data: CardData,
    },
    /// A card was sent to be checked.
    CheckStarted {
        card: CardId,
        /// When ЗАГС will answer, if it has anything to check.
        zags_at: Option<DateTime<Utc>>,
        /// When СФР will answer, if it has anything to look for.
        sfr_at: Option<DateTime<Utc>>,
    },
    /// ЗАГС has answered.
    ZagsAnswered {
        /// About which card.
        card: CardId,
        /// The birth certificate, if it was to be checked.
        certificate: Option<CheckStatus>,
        /// The other documents that were.
        papers: BTreeMap<Paper, CheckStatus>,
    },
    /// СФР has answered.
    SfrAnswered {
        /// About which card.
        card: CardId,
        snils: CheckStatus,
        /// The СНИЛС that is on the card now.
        found: Option<Snils>,
    },
    /// The certificate's data were deleted from a card.
    CertificateDeleted { card: CardId },
    /// The certificate's data were entered again.
    CertificateEntered {
        card: CardId,
        /// What was entered.
        certificate: BirthDocument,
    },
    /// Another document was entered, changed or deleted.
    PaperChanged {
        /// On which card.
        card: CardId,
        paper: Paper,
        /// Its number; none when it was deleted.
        value: Option<String>,
    },
    /// A guardian switched auto-update on.
    AutoUpdateOn { guardian: Oid },
    /// A guardian switched auto-update off; it takes a while.
    AutoUpdateSwitchingOff { guardian: Oid, until: DateTime<Utc> },
    /// Auto-update is off.
    AutoUpdateOff { guardian: Oid },
}

/// All cards of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Family {
    pub(super) cards: BTreeMap<CardId, Card>,
    by_guardian: BTreeSet<(Oid, CardId)>,
    last: u64,
    pub(super) auto_update: BTreeMap<Oid, AutoUpdate>,
    /// Child accounts that are being made.
    pub(super) child_accounts: ChildAccounts,
}

impl Family {
    /// A card by its number.
    pub(crate) fn get(&self, card: CardId) -> Option<&Card> {
        self.cards.get(&card)
    }

    /// A guardian's cards, oldest first.
    pub(crate) fn of(&self, guardian: Oid) -> impl Iterator<Item = &Card> {
        let range = (guardian, CardId(0))..=(guardian, CardId(u64::MAX));
        self.by_guardian.range(range).filter_map(|(_, id)| self.cards.get(id))
    }

    /// A guardian's own card.
    ///
    /// # Errors
    /// When there is none, or it is somebody else's.
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

    /// What ЗАГС answers about a card whose time has come.
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

    /// What СФР answers: whether the number is the child's, or without one what it finds by name and day of birth.
    pub(crate) fn sfr_answer(&self, id: CardId, records: &Records) -> Option<FamilyEvent> {
        let card = self.get(id)?;
        let (snils, found) = look_for_snils(records, card.snils.value, &card.citizen());
        Some(FamilyEvent::SfrAnswered { card: id, snils, found })
    }
}

/// What СФР says of a СНИЛС, or of a person without one.
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
