//! Cards of children: the pure rules (RULES.md R000.7, R001.1, R003.6, R003.8–10, R004.6–8).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Oid, Snils};
use serde::{Deserialize, Serialize};
use worlds::Decided;

use super::{AutoUpdate, Card, CardData, CardError, CardId, CheckStatus, Checked, ChildAccounts, Paper};
use crate::{
    accounts::Level,
    agencies::{Agency, BirthDocument, BirthKind, Records, Term},
    seed::Ruleset,
    state::{Deadline, Event, Gosuslugi, age},
};

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
        /// Which.
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
        /// What.
        snils: CheckStatus,
        /// The СНИЛС that is on the card now.
        found: Option<Snils>,
    },
    /// The certificate's data were deleted from a card.
    CertificateDeleted {
        /// Which.
        card: CardId,
    },
    /// The certificate's data were entered again.
    CertificateEntered {
        /// Which card.
        card: CardId,
        /// What was entered.
        certificate: BirthDocument,
    },
    /// Another document was entered, changed or deleted.
    PaperChanged {
        /// On which card.
        card: CardId,
        /// Which document.
        paper: Paper,
        /// Its number; none when it was deleted.
        value: Option<String>,
    },
    /// A guardian switched auto-update on.
    AutoUpdateOn {
        /// Who.
        guardian: Oid,
    },
    /// A guardian switched auto-update off; it takes a while.
    AutoUpdateSwitchingOff {
        /// Who.
        guardian: Oid,
        /// Until when.
        until: DateTime<Utc>,
    },
    /// Auto-update is off.
    AutoUpdateOff {
        /// Whose.
        guardian: Oid,
    },
}

/// All cards of a world.
#[derive(Debug, Clone, Default)]
pub struct Family {
    cards: BTreeMap<CardId, Card>,
    by_guardian: BTreeSet<(Oid, CardId)>,
    last: u64,
    pub(super) auto_update: BTreeMap<Oid, AutoUpdate>,
    /// Child accounts that are being made.
    pub(super) child_accounts: ChildAccounts,
}

impl Family {
    /// A card by its number.
    pub fn get(&self, card: CardId) -> Option<&Card> {
        self.cards.get(&card)
    }

    /// A guardian's cards, oldest first.
    pub fn of(&self, guardian: Oid) -> impl Iterator<Item = &Card> {
        let range = (guardian, CardId(0))..=(guardian, CardId(u64::MAX));
        self.by_guardian.range(range).filter_map(|(_, id)| self.cards.get(id))
    }

    /// A guardian's own card.
    ///
    /// # Errors
    /// When there is none, or it is somebody else's.
    pub fn own(&self, card: CardId, guardian: Oid) -> Result<&Card, CardError> {
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
    citizen: &crate::agencies::Citizen,
) -> (CheckStatus, Option<Snils>) {
    let found = match snils {
        Some(snils) => Some(snils).filter(|snils| records.check_snils(snils, citizen)),
        None => records.find_snils(citizen),
    };
    if found.is_some() { (CheckStatus::Confirmed, found) } else { (CheckStatus::NotInSfr, snils) }
}

impl Gosuslugi {
    /// A guardian adds a child.
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn add_card(
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

    /// The card itself, whoever enters it: for a foreign document a service centre does (R004.7).
    ///
    /// # Errors
    /// As [`CardError`] says.
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

    /// «Отправить»: ЗАГС looks at the marked cards, and the search for each СНИЛС starts by itself (R003.6).
    ///
    /// # Errors
    /// As [`CardError`] says; when one of the cards cannot be sent, none is.
    pub fn send_to_check(
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

    /// Begins the check of each card; ЗАГС takes its own term unless another is given.
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

    /// The way out of R000.7, first half: the certificate's data are deleted.
    ///
    /// # Errors
    /// As [`CardError`] says; a confirmed certificate stays.
    pub fn delete_certificate(&self, card: CardId, guardian: Oid) -> Result<Vec<Event>, CardError> {
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

    /// The second half: they are entered again.
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn enter_certificate(
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

    /// Enters, changes or (with no value) deletes a document beside the birth certificate. Auto-update does not matter
    /// here: these documents are added while it is on (R003.9).
    ///
    /// # Errors
    /// As [`CardError`] says.
    pub fn change_paper(
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

    /// Whether «Создать» is on a card, and if not, why (R003.10, R004.6, R004.7).
    ///
    /// # Errors
    /// The reason, as [`CardError`] says it.
    pub fn offers_account(&self, card: &Card, today: NaiveDate) -> Result<(), CardError> {
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

    /// The account of the child on a card that is bound to the card's owner.
    pub fn bound_account(&self, card: &Card) -> Option<Oid> {
        self.bound_child(card).map(|account| account.oid)
    }

    pub(crate) fn apply_family(&mut self, event: &FamilyEvent) {
        match event {
            FamilyEvent::CardAdded { card, guardian, data } => {
                self.family.insert(Card::entered(*card, *guardian, data.clone()));
            }
            FamilyEvent::CheckStarted { card, zags_at, sfr_at } => self.check_started(*card, *zags_at, *sfr_at),
            FamilyEvent::ZagsAnswered { card: id, certificate, papers } => {
                self.stop_waiting(Agency::Zags, Deadline::ZagsAnswer(*id));
                let Some(card) = self.family.cards.get_mut(id) else { return };
                card.zags_at = None;
                if let Some(status) = certificate {
                    card.certificate.status = *status;
                }
                for (paper, status) in papers {
                    if let Some(checked) = card.papers.get_mut(paper) {
                        checked.status = *status;
                    }
                }
            }
            FamilyEvent::SfrAnswered { card: id, snils, found } => {
                self.stop_waiting(Agency::Sfr, Deadline::SfrAnswer(*id));
                let Some(card) = self.family.cards.get_mut(id) else { return };
                card.sfr_at = None;
                card.snils = Checked { value: *found, status: *snils };
            }
            FamilyEvent::CertificateDeleted { card } => {
                if let Some(card) = self.family.cards.get_mut(card) {
                    card.certificate = Checked::entered(None);
                }
            }
            FamilyEvent::CertificateEntered { card, certificate } => {
                if let Some(card) = self.family.cards.get_mut(card) {
                    card.certificate = Checked::entered(Some(certificate.clone()));
                }
            }
            FamilyEvent::PaperChanged { card, paper, value } => self.paper_changed(*card, *paper, value.as_ref()),
            FamilyEvent::AutoUpdateOn { guardian } => {
                self.family.auto_update.insert(*guardian, AutoUpdate::On);
            }
            FamilyEvent::AutoUpdateSwitchingOff { guardian, until } => {
                self.family.auto_update.insert(*guardian, AutoUpdate::SwitchingOff { until: *until });
                self.await_answer(Agency::Zags, *until, Deadline::AutoUpdateOff(*guardian));
            }
            FamilyEvent::AutoUpdateOff { guardian } => {
                self.stop_waiting(Agency::Zags, Deadline::AutoUpdateOff(*guardian));
                self.family.auto_update.insert(*guardian, AutoUpdate::Off);
            }
        }
    }

    fn check_started(&mut self, id: CardId, zags_at: Option<DateTime<Utc>>, sfr_at: Option<DateTime<Utc>>) {
        let Some(card) = self.family.cards.get_mut(&id) else { return };
        (card.zags_at, card.sfr_at) = (zags_at, sfr_at);
        if let Some(at) = zags_at {
            if !card.certificate.is_confirmed() {
                card.certificate.status = CheckStatus::Checking;
            }
            for paper in card.unproven_acts() {
                if let Some(checked) = card.papers.get_mut(&paper) {
                    checked.status = CheckStatus::Checking;
                }
            }
            self.await_answer(Agency::Zags, at, Deadline::ZagsAnswer(id));
        }
        let Some(card) = self.family.cards.get_mut(&id) else { return };
        if let Some(at) = sfr_at {
            card.snils.status = CheckStatus::Searching;
            self.await_answer(Agency::Sfr, at, Deadline::SfrAnswer(id));
        }
    }

    fn paper_changed(&mut self, id: CardId, paper: Paper, value: Option<&String>) {
        let Some(card) = self.family.cards.get_mut(&id) else { return };
        match (paper, value) {
            (Paper::Snils, value) => card.snils = Checked::entered(value.and_then(|snils| snils.parse().ok())),
            (paper, Some(value)) => {
                card.papers.insert(paper, Checked::entered(Some(value.clone())));
            }
            (paper, None) => {
                card.papers.remove(&paper);
            }
        }
    }
}
