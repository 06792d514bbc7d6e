//! Applications for access and paper consents, as stored in the state of a world.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{FullName, Oid, Phone, Snils};
use serde::{Deserialize, Serialize};

use crate::register::Relation;

/// Data of an applicant, from the account or the register.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Applicant {
    pub(super) name: FullName,
    pub(super) snils: Snils,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) oid: Option<Oid>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) born: Option<NaiveDate>,
    /// Phone of the account, offered in the form.
    #[serde(skip)]
    pub(super) phone: Option<Phone>,
}

/// Data written on the paper of a consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Paper {
    pub(super) name: FullName,
    pub(super) snils: Snils,
    pub(super) relation: Relation,
    /// Date of the signature on the paper.
    pub(super) signed_on: NaiveDate,
}

/// Paper consent recorded by the school.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PaperConsent {
    pub(super) paper: Paper,
    pub(super) pupil: String,
    pub(super) parent: String,
    pub(super) taken_by: String,
    pub(super) taken_at: DateTime<Utc>,
    /// Name of the employee who withdrew it, and the time.
    pub(super) withdrawn: Option<(String, DateTime<Utc>)>,
}

/// Data that a parent gives in the form, in addition to those of the account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Request {
    pub(super) relation: Relation,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<Phone>,
    pub(super) child: FullName,
    pub(super) born: NaiveDate,
    /// СНИЛС of the child, to distinguish children of the same name and birthday.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) child_snils: Option<Snils>,
}

/// Stage of an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Stage {
    /// Waiting for the school's decision.
    Waiting,
    /// Accepted: the diary is open to the applicant.
    Accepted(Decision),
    /// Declined, with the school's reason.
    Declined(Decision, String),
}

/// Name of the employee who decided, and the time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Decision {
    pub(super) by: String,
    pub(super) at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Application {
    pub(super) applicant: Applicant,
    pub(super) request: Request,
    /// Key of the pupil whom the application matched.
    pub(super) pupil: String,
    pub(super) filed_at: DateTime<Utc>,
    pub(super) stage: Stage,
}

/// Access applications and paper consents of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Access {
    /// Applications by number, from 1 without gaps.
    pub(super) applications: BTreeMap<u32, Application>,
    /// Consents on paper by number.
    pub(super) consents: BTreeMap<u32, PaperConsent>,
}

impl Access {
    /// Returns the applications of one person, newest first.
    pub(super) fn of(&self, snils: Snils) -> impl Iterator<Item = (u32, &Application)> {
        let own = self.applications.iter().rev().filter(move |(_, one)| one.applicant.snils == snils);
        own.map(|(id, one)| (*id, one))
    }
}
