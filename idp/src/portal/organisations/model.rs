//! Organisations of a world: the pure rules.

use std::collections::BTreeMap;

use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{EmployeeSpec, OrganisationSpec};

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Organisation {
    /// As the seed describes it.
    pub(crate) spec: OrganisationSpec,
    /// Who works there.
    pub(crate) employees: BTreeMap<Oid, EmployeeSpec>,
}

/// All organisations of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Organisations {
    by_oid: BTreeMap<Oid, Organisation>,
}

impl Organisations {
    /// An organisation by its number.
    pub(crate) fn get(&self, oid: Oid) -> Option<&Organisation> {
        self.by_oid.get(&oid)
    }

    pub(super) fn insert(&mut self, organisation: Organisation) {
        self.by_oid.insert(organisation.spec.oid, organisation);
    }

    /// The organisation that runs a system.
    pub(crate) fn of_client(&self, client: &Mnemonic) -> Option<&Organisation> {
        self.by_oid.values().find(|organisation| organisation.spec.clients.contains(client))
    }
}
