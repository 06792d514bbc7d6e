//! Organisations of a world with their employees.

use std::collections::BTreeMap;

use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{EmployeeSpec, OrganisationSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Organisation {
    /// Description from the seed.
    pub(crate) spec: OrganisationSpec,
    /// Employees by the numbers of their accounts.
    pub(crate) employees: BTreeMap<Oid, EmployeeSpec>,
}

/// Organisations of a world, by number.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Organisations {
    by_oid: BTreeMap<Oid, Organisation>,
}

impl Organisations {
    /// Returns an organisation by its number.
    pub(crate) fn get(&self, oid: Oid) -> Option<&Organisation> {
        self.by_oid.get(&oid)
    }

    pub(super) fn insert(&mut self, organisation: Organisation) {
        self.by_oid.insert(organisation.spec.oid, organisation);
    }

    /// Returns the organisation that owns a client.
    pub(crate) fn of_client(&self, client: &Mnemonic) -> Option<&Organisation> {
        self.by_oid.values().find(|organisation| organisation.spec.clients.contains(client))
    }
}
