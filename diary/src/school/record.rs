//! Data of pupils and parents in the events that change the register.

use std::fmt;

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Phone, Snils, language::pick};
use serde::{Deserialize, Serialize};

use crate::register::{Pupil, Relation};

/// Parsed data of a pupil.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PupilRecord {
    pub(crate) name: FullName,
    pub(crate) born: NaiveDate,
    pub(crate) snils: Snils,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) certificate: Option<BirthCertificate>,
}

impl PupilRecord {
    /// Returns `pupil` with these data.
    pub(crate) fn over(self, pupil: Pupil) -> Pupil {
        let Self { name, born, snils, certificate } = self;
        Pupil { name, born, snils, certificate, ..pupil }
    }

    /// Extracts these data from a pupil.
    pub(crate) fn of(pupil: &Pupil) -> Self {
        let Pupil { name, born, snils, certificate, .. } = pupil.clone();
        Self { name, born, snils, certificate }
    }
}

impl fmt::Display for PupilRecord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}, {} {}", self.name, self.born.format("%d.%m.%Y"), pick("СНИЛС", "SNILS"), self.snils)?;
        let certificate = pick("свидетельство", "birth certificate");
        self.certificate.iter().try_for_each(|number| write!(f, ", {certificate} {number}"))
    }
}

/// Pupil in an imported register file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ImportedPupil {
    pub(crate) key: String,
    pub(in crate::school) record: PupilRecord,
    pub(in crate::school) school: String,
    pub(in crate::school) class: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::school) phone: Option<Phone>,
    pub(in crate::school) parents: Vec<ImportedParent>,
}

/// Parent in an imported register file, as after the import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(in crate::school) struct ImportedParent {
    pub(in crate::school) key: String,
    pub(in crate::school) name: FullName,
    pub(in crate::school) snils: Snils,
    pub(in crate::school) active: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(in crate::school) relation: Option<Relation>,
}
