//! Card of a child: its data, and the actions that it allows.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use esia::{BirthCertificate, FullName, Oid, Snils, person::Gender};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{CardError, check_status::CheckStatus};
use crate::portal::agencies::{Act, BirthDocument, BirthKind, Citizen};

/// Number of a card in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct CardId(pub u64);

/// Number of a card with the guardian who claims to own it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OwnCard {
    pub(crate) card: CardId,
    pub(crate) guardian: Oid,
}

impl OwnCard {
    /// Creates the pair from the number of a card.
    pub(crate) const fn new(card: u64, guardian: Oid) -> Self {
        Self { card: CardId(card), guardian }
    }
}

/// Document of a card with the status of its check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Checked<T> {
    /// Value that was entered, or found by an agency.
    pub value: Option<T>,
    /// Status of the check.
    pub status: CheckStatus,
}

impl<T> Checked<T> {
    pub(crate) const fn entered(value: Option<T>) -> Self {
        Self { value, status: CheckStatus::Entered }
    }

    /// Whether the document is present and confirmed.
    pub(crate) fn is_confirmed(&self) -> bool {
        self.value.is_some() && self.status == CheckStatus::Confirmed
    }
}

/// A document of a card beside the birth certificate (R003.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Paper {
    /// СНИЛС. СФР checks it.
    Snils,
    /// Полис ОМС. Nobody checks it: the sources name no agency that would.
    Oms,
    /// ИНН. Nobody checks it either.
    Inn,
    /// Свидетельство об отцовстве. ЗАГС checks it.
    Paternity,
    /// Свидетельство о перемене имени. ЗАГС checks it.
    NameChange,
}

impl Paper {
    /// All documents, in the order of the card.
    pub const ALL: [Self; 5] = [Self::Snils, Self::Oms, Self::Inn, Self::Paternity, Self::NameChange];

    /// Returns the name in URLs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Snils => "snils",
            Self::Oms => "oms",
            Self::Inn => "inn",
            Self::Paternity => "paternity",
            Self::NameChange => "name-change",
        }
    }

    /// Returns the Russian name on the card.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Snils => "СНИЛС",
            Self::Oms => "Полис ОМС",
            Self::Inn => "ИНН",
            Self::Paternity => "Свидетельство об отцовстве",
            Self::NameChange => "Свидетельство о перемене имени",
        }
    }

    /// Returns the hint for the form field: the format of the number.
    pub const fn hint(self) -> &'static str {
        match self {
            Self::Snils => "Например, 001-000-011 00",
            Self::Oms => "16 цифр",
            Self::Inn => "12 цифр",
            Self::Paternity | Self::NameChange => "Серия и номер, например I-МЮ 123456",
        }
    }

    /// Returns the act of ЗАГС that the document certifies, if it is one of ЗАГС.
    pub const fn act(self) -> Option<Act> {
        match self {
            Self::Paternity => Some(Act::Paternity),
            Self::NameChange => Some(Act::NameChange),
            Self::Snils | Self::Oms | Self::Inn => None,
        }
    }

    /// Parses the number of a document into the form in which it is stored.
    ///
    /// # Errors
    /// The message for the form field, in Russian.
    pub fn read(self, text: &str) -> Result<String, String> {
        let text = text.trim();
        let digits = |count: usize| {
            let digits: String = text.chars().filter(|sign| !matches!(sign, ' ' | '-')).collect();
            let fits = digits.len() == count && digits.bytes().all(|digit| digit.is_ascii_digit());
            if fits { Ok(digits) } else { Err(format!("{}: нужно {count} цифр", self.title())) }
        };
        match self {
            Self::Snils => text.parse().map(|snils: Snils| snils.to_string()).map_err(|error| error.to_string()),
            Self::Oms => digits(16),
            Self::Inn => digits(12),
            Self::Paternity | Self::NameChange => {
                text.parse().map(|act: BirthCertificate| act.to_string()).map_err(|error| error.to_string())
            }
        }
    }
}

/// Data of a child that a guardian enters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct CardData {
    /// Surname, name, patronymic.
    pub name: FullName,
    pub gender: Gender,
    /// Day of birth.
    pub born: NaiveDate,
    /// Document about the birth.
    pub certificate: Option<BirthDocument>,
    /// СНИЛС; if `None`, СФР searches for it.
    pub snils: Option<Snils>,
}

impl CardData {
    /// Returns the child as the agencies identify people.
    pub fn citizen(&self) -> Citizen {
        Citizen { name: self.name.clone(), born: self.born }
    }
}

/// Card of a child in a guardian's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Card {
    pub id: CardId,
    /// Guardian in whose account the card is.
    pub guardian: Oid,
    /// Surname, name, patronymic of the child.
    pub name: FullName,
    pub gender: Gender,
    /// Day of birth.
    pub born: NaiveDate,
    /// Document about the birth.
    pub certificate: Checked<BirthDocument>,
    pub snils: Checked<Snils>,
    /// Numbers of the other documents, without СНИЛС.
    pub papers: BTreeMap<Paper, Checked<String>>,
    /// Time at which ЗАГС will answer; `None` if no check is pending.
    pub zags_at: Option<DateTime<Utc>>,
    /// Time at which СФР will answer; `None` if no check is pending.
    pub sfr_at: Option<DateTime<Utc>>,
}

impl Card {
    /// Creates a card from entered data. A foreign document counts as confirmed, because a service centre has seen it
    /// (R004.7).
    pub(crate) fn entered(id: CardId, guardian: Oid, data: CardData) -> Self {
        let CardData { name, gender, born, certificate, snils } = data;
        let foreign = certificate.as_ref().is_some_and(|document| document.kind() == BirthKind::Foreign);
        let status = if foreign { CheckStatus::Confirmed } else { CheckStatus::Entered };
        let certificate = Checked { value: certificate, status };
        let (snils, papers) = (Checked::entered(snils), BTreeMap::new());
        Self { id, guardian, name, gender, born, certificate, snils, papers, zags_at: None, sfr_at: None }
    }

    /// Returns the child as the agencies identify people.
    pub(crate) fn citizen(&self) -> Citizen {
        Citizen { name: self.name.clone(), born: self.born }
    }

    /// Returns a document other than the birth certificate, with its number as text.
    pub(crate) fn paper(&self, paper: Paper) -> Checked<String> {
        match paper {
            Paper::Snils => {
                Checked { value: self.snils.value.map(|snils| snils.to_string()), status: self.snils.status }
            }
            other => self.papers.get(&other).cloned().unwrap_or(Checked::entered(None)),
        }
    }

    /// Whether a check is pending at an agency.
    pub(crate) const fn is_checked_now(&self) -> bool {
        self.zags_at.is_some() || self.sfr_at.is_some()
    }

    /// Returns the documents, other than the birth certificate, that ЗАГС has yet to confirm.
    pub(crate) fn unproven_acts(&self) -> BTreeSet<Paper> {
        let unproven = |(paper, checked): (&Paper, &Checked<String>)| {
            (paper.act().is_some() && !checked.is_confirmed()).then_some(*paper)
        };
        self.papers.iter().filter_map(unproven).collect()
    }

    /// Whether ЗАГС has anything to check.
    pub(crate) fn needs_zags(&self) -> bool {
        !self.certificate.is_confirmed() || !self.unproven_acts().is_empty()
    }

    /// Whether СФР has anything to check.
    pub(crate) fn needs_sfr(&self) -> bool {
        !self.snils.is_confirmed()
    }

    /// Whether the card offers «Отправить».
    pub(crate) fn may_be_checked(&self) -> bool {
        self.certificate.value.is_some() && !self.is_checked_now() && (self.needs_zags() || self.needs_sfr())
    }

    /// Whether the data of the birth certificate may be deleted (R000.7).
    pub(crate) fn may_lose_certificate(&self) -> bool {
        self.certificate.value.is_some() && !self.is_checked_now() && !self.certificate.is_confirmed()
    }

    /// Checks whether a document may be entered, changed or deleted: not during a check, and not once it is confirmed.
    ///
    /// # Errors
    /// [`CardError::Checking`] or [`CardError::Confirmed`].
    pub(crate) fn may_change(&self, paper: Paper) -> Result<(), CardError> {
        if self.is_checked_now() {
            Err(CardError::Checking)
        } else if self.paper(paper).is_confirmed() {
            Err(CardError::Confirmed)
        } else {
            Ok(())
        }
    }
}
