//! People of a world by their keys in the seed.

use std::collections::BTreeMap;

use esia::{FullName, Oid, Snils};
use serde::{Deserialize, Serialize};

use crate::portal::accounts::{Account, Accounts};

/// People by their keys in the seed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Cast {
    pub(crate) people: BTreeMap<String, Member>,
}

/// Person of the seed.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Member {
    pub name: FullName,
    /// Description of the person in the seed.
    pub about: String,
    /// СНИЛС, by which an account is found that is created later.
    pub snils: Option<Snils>,
    /// Number of the account that the seed gives the person.
    pub oid: Option<Oid>,
}

impl Cast {
    /// Returns all people, in order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.people.iter().map(|(key, member)| (key.as_str(), member))
    }

    /// Returns a person's current account: that of the seed, else one with the same СНИЛС.
    pub(crate) fn account<'s>(&self, key: &str, accounts: &'s Accounts) -> Option<&'s Account> {
        let member = self.people.get(key)?;
        let by_snils = || member.snils.as_ref().and_then(|snils| accounts.with_snils(snils));
        member.oid.and_then(|oid| accounts.get(oid)).or_else(by_snils)
    }
}
