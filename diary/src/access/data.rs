//! Applications for access and consents on paper, as the diary keeps them.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{FullName, Oid, Phone, Snils};
use serde::{Deserialize, Serialize};

use crate::register::Relation;

/// Somebody who applies, as the account says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Applicant {
    pub(super) name: FullName,
    pub(super) snils: Snils,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oid: Option<Oid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) born: Option<NaiveDate>,
    /// The account's, to be offered in the form.
    #[serde(skip)]
    pub(super) phone: Option<Phone>,
}

/// What stands on the paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Paper {
    pub(super) name: FullName,
    pub(super) snils: Snils,
    pub(super) relation: Relation,
    /// The day under the signature.
    pub(super) signed_on: NaiveDate,
}

/// A consent that the school keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PaperConsent {
    pub(super) paper: Paper,
    pub(super) pupil: String,
    pub(super) parent: String,
    pub(super) taken_by: String,
    pub(super) taken_at: DateTime<Utc>,
    /// By whom at the school it was withdrawn, and when.
    pub(super) withdrawn: Option<(String, DateTime<Utc>)>,
}

/// What a parent writes about themselves and the child, beside what the account says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Request {
    pub(super) relation: Relation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<Phone>,
    pub(super) child: FullName,
    pub(super) born: NaiveDate,
    /// Tells children of one name and birthday apart.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) child_snils: Option<Snils>,
}

/// How far an application is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// The school has it.
    Waiting,
    /// The diary is open.
    Accepted(Decision),
    /// The school says no, and why.
    Declined(Decision, String),
}

/// Who decided, and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decision {
    pub(super) by: String,
    pub(super) at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Application {
    pub(super) applicant: Applicant,
    pub(super) request: Request,
    /// Key of the pupil who was found.
    pub(super) pupil: String,
    pub(super) filed_at: DateTime<Utc>,
    pub(super) stage: Stage,
}

/// What the diary keeps of who asked for access.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Access {
    /// By number, from 1 without gaps.
    pub(super) applications: BTreeMap<u32, Application>,
    /// Consents on paper by number.
    pub(super) consents: BTreeMap<u32, PaperConsent>,
}

impl Access {
    /// Applications of one person, the newest first.
    pub(super) fn of(&self, snils: Snils) -> impl Iterator<Item = (u32, &Application)> {
        let own = self.applications.iter().rev().filter(move |(_, one)| one.applicant.snils == snils);
        own.map(|(id, one)| (*id, one))
    }
}
