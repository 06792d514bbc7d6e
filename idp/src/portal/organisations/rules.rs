//! Roles of people in organisations.

use esia::Oid;

use crate::portal::Portal;

impl Portal {
    /// Checks whether a person currently has a role in an organisation.
    pub(crate) fn works_for(&self, person: Oid, organisation: Oid) -> bool {
        let roles = self.accounts.get(person).map(|account| account.roles.as_slice()).unwrap_or_default();
        roles.iter().any(|role| role.oid == organisation)
    }
}
