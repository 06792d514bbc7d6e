//! State of one world of the mock Gosuslugi: portal, clients, grants, keys and faults.

use serde::{Deserialize, Serialize};
use std::sync::Arc;
use worlds::Shared;

use crate::{clients::Clients, faults::Faults, grants::Grants, portal::Portal, signing::KeyRing};

/// State of one world of the mock Gosuslugi.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Gosuslugi {
    /// People, families, bindings, consents and agencies.
    pub(crate) portal: Portal,
    pub(crate) clients: Shared<Clients>,
    /// Authorization requests, codes and tokens.
    pub(crate) grants: Grants,
    /// Signing keys of the provider. The [`KeyRing`] is shared with other worlds until one of them changes it.
    #[serde(with = "crate::signing::checkpoint")]
    pub(crate) keys: Arc<KeyRing>,
    /// Faults that are set in this world.
    pub(crate) faults: Shared<Faults>,
}

#[cfg(test)]
mod tests {
    use worlds::Domain as _;

    use crate::testing::{family, rng, september, state};

    #[test]
    fn a_fork_in_which_somebody_signs_in_shares_all_the_rest_with_its_parent() {
        let parent = state(family());
        let mut fork = parent.clone();
        let anna = parent.portal.accounts.find("anna@family.test").unwrap();
        let (events, _) = fork.portal.open_session(anna, september(), &mut rng());
        for event in &events {
            fork.apply(september(), event);
        }
        assert!(fork.has_credentials() && !parent.has_credentials());
        let (own, other) = (&fork.portal, &parent.portal);
        assert!(own.accounts.shares_people_with(&other.accounts));
        assert!(own.family.is_shared_with(&other.family) && own.cast.is_shared_with(&other.cast));
        assert!(own.agencies.is_shared_with(&other.agencies) && own.consents.is_shared_with(&other.consents));
        assert!(fork.clients.is_shared_with(&parent.clients) && fork.faults.is_shared_with(&parent.faults));
    }

    #[test]
    fn a_fork_forgets_credentials_without_copying_them() {
        let mut parent = state(family());
        let anna = parent.portal.accounts.find("anna@family.test").unwrap();
        let (events, session) = parent.portal.open_session(anna, september(), &mut rng());
        for event in &events {
            parent.apply(september(), event);
        }
        let mut fork = parent.clone();
        fork.forget_credentials();
        assert!(!fork.has_credentials());
        assert!(parent.portal.accounts.session(&session, september()).is_some());
        assert!(fork.portal.accounts.shares_people_with(&parent.portal.accounts));
    }
}
