//! Forms of pupils and parents, and their parsing.

use std::fmt;

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Snils};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::read_past_day;

use super::record::PupilRecord;
use crate::register::{Pupil, Relation};

/// Maximum length of a class name, characters.
const CLASS_LIMIT: usize = 20;

/// Faulty fields, each with a Russian explanation.
pub(crate) type Faults = Vec<(&'static str, String)>;

/// Parsed form of a pupil.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CardUpdate {
    pub(super) record: PupilRecord,
    /// New class; `None` leaves the class unchanged.
    pub(super) class: Option<String>,
}

/// A pupil's data as they are typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct PupilForm {
    /// «Фамилия Имя Отчество».
    pub(super) name: String,
    /// «Дата рождения», `ГГГГ-ММ-ДД` or `ДД.ММ.ГГГГ`.
    pub(super) born: String,
    /// «СНИЛС», as `001-000-006 00`.
    pub(super) snils: String,
    /// «Серия свидетельства о рождении»; with the number empty, there is none.
    #[serde(default)]
    pub(super) series: String,
    /// «Номер свидетельства о рождении».
    #[serde(default)]
    pub(super) number: String,
    /// «Класс», which an administrator may change; left out, it stays.
    #[serde(default)]
    pub(super) class: Option<String>,
}

impl From<&Pupil> for PupilForm {
    fn from(record: &Pupil) -> Self {
        let certificate = record.certificate.as_ref();
        Self {
            name: record.name.to_string(),
            born: record.born.to_string(),
            snils: record.snils.to_string(),
            series: certificate.map(|certificate| certificate.series().to_owned()).unwrap_or_default(),
            number: certificate.map(|certificate| certificate.number().to_owned()).unwrap_or_default(),
            class: Some(record.class.clone()),
        }
    }
}

impl PupilForm {
    /// Parses every field: the record, and the class if one is given.
    ///
    /// # Errors
    /// Returns all faulty fields.
    pub(super) fn read(&self, today: NaiveDate) -> Result<CardUpdate, Faults> {
        let mut faults = Faults::new();
        let name = keep(&mut faults, "name", self.name.parse::<FullName>());
        let born = keep(&mut faults, "born", read_past_day(&self.born, today));
        let snils = keep(&mut faults, "snils", self.snils.trim().parse::<Snils>());
        let certificate = self.certificate(&mut faults);
        let class = self.class.as_deref().and_then(|class| keep(&mut faults, "class", read_class(class)));
        match (name, born, snils) {
            (Some(name), Some(born), Some(snils)) if faults.is_empty() => {
                Ok(CardUpdate { record: PupilRecord { name, born, snils, certificate }, class })
            }
            _ => Err(faults),
        }
    }

    fn certificate(&self, faults: &mut Faults) -> Option<BirthCertificate> {
        use esia::ids::BirthCertificateError;
        let (series, number) = (self.series.trim(), self.number.trim());
        if series.is_empty() && number.is_empty() {
            return None;
        }
        let read = BirthCertificate::new(series, number);
        let field = if matches!(read, Err(BirthCertificateError::Number)) { "number" } else { "series" };
        keep(faults, field, read)
    }
}

/// Parses the name of a class.
///
/// # Errors
/// Returns the rule in Russian if the name is empty, too long or has control characters.
pub(super) fn read_class(text: &str) -> Result<String, String> {
    let text = text.trim();
    let fits = (1..=CLASS_LIMIT).contains(&text.chars().count()) && !text.chars().any(char::is_control);
    if fits {
        Ok(text.to_owned())
    } else {
        Err(format!("в названии класса не больше {CLASS_LIMIT} знаков, например 5Б"))
    }
}

/// A parent on a card as typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub(crate) struct ParentForm {
    /// «Фамилия Имя Отчество».
    pub(super) name: String,
    /// «СНИЛС», as `001-000-006 00`.
    pub(super) snils: String,
    /// «Кем приходится ученику»: `mother`, `father`, `representative` or `other`; empty, it stays as it is.
    #[serde(default)]
    pub(super) relation: String,
}

/// Parsed form of a parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ParentRecord {
    pub(super) name: FullName,
    pub(super) snils: Snils,
    /// Relation to the pupil; `None` leaves it unchanged.
    pub(super) relation: Option<Relation>,
}

impl ParentForm {
    /// Parses every field.
    ///
    /// # Errors
    /// Returns all faulty fields.
    pub(super) fn read(&self) -> Result<ParentRecord, Faults> {
        let mut faults = Faults::new();
        let name = keep(&mut faults, "name", self.name.parse::<FullName>());
        let snils = keep(&mut faults, "snils", self.snils.trim().parse::<Snils>());
        let relation = Relation::of_code(&self.relation);
        if relation.is_none() && !self.relation.is_empty() {
            faults.push(("relation", "выберите: мать, отец, законный представитель или другое".to_owned()));
        }
        match (name, snils) {
            (Some(name), Some(snils)) if faults.is_empty() => Ok(ParentRecord { name, snils, relation }),
            _ => Err(faults),
        }
    }
}

/// Returns the parsed value, or adds its error to the faults of the form.
pub(crate) fn keep<T, E: fmt::Display>(faults: &mut Faults, field: &'static str, read: Result<T, E>) -> Option<T> {
    read.map_err(|error| faults.push((field, error.to_string()))).ok()
}
