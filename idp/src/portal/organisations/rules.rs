//! Who works for an organisation.

use esia::Oid;

use crate::portal::Portal;

impl Portal {
    /// Whether a person works for an organisation now.
    pub(crate) fn works_for(&self, person: Oid, organisation: Oid) -> bool {
        let roles = self.accounts.get(person).map(|account| account.roles.as_slice()).unwrap_or_default();
        roles.iter().any(|role| role.oid == organisation)
    }
}
