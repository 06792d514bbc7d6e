//! Filters of an authorization request for people: `person_filter`, `obj_type` and `roles` (ESIA §1.2, §6.1–§6.3).
//!
//! The values of `obj_type` and `roles` are not public (ESIA §10). Here `obj_type` takes the letters that
//! `urn:esia:sbj:typ` is known or likely to have, and `roles` the kinds of roles that `/rs` shows.

use std::collections::BTreeSet;

use esia::{Oid, person::OrganisationKind};
use serde::{Deserialize, Serialize};

use crate::portal::accounts::Account;

/// The parameter `person_filter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonFilter {
    /// Confirmed accounts only.
    ConfAcc,
    /// Child accounts only.
    AccKid,
    /// All accounts but child accounts.
    AccNotKid,
}

/// Kind of subject as which a person signs in: a private person or a member of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubjectType {
    Private,
    Business,
    Legal,
    Agency,
}

impl SubjectType {
    /// Each kind with its letter and its name in requests.
    pub(crate) const ALL: [(Self, &'static str, &'static str); 4] = [
        (Self::Private, "P", "PRIVATE"),
        (Self::Business, "B", "BUSINESS"),
        (Self::Legal, "L", "LEGAL"),
        (Self::Agency, "A", "AGENCY"),
    ];

    pub(super) fn of(account: &Account, organisation: Option<Oid>) -> Self {
        let role = account.roles.iter().find(|role| Some(role.oid) == organisation);
        match role.map(|role| role.kind) {
            None => Self::Private,
            Some(OrganisationKind::Business) => Self::Business,
            Some(OrganisationKind::Legal) => Self::Legal,
            Some(OrganisationKind::Agency) => Self::Agency,
        }
    }
}

/// Filters of an authorization request. An absent filter accepts every person.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Filters {
    /// The parameter `person_filter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub person: Option<PersonFilter>,
    /// The parameter `obj_type`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub types: BTreeSet<SubjectType>,
    /// The parameter `roles`.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub roles: BTreeSet<SubjectType>,
}
