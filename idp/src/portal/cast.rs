//! People as the seed of a world names them.

use std::collections::BTreeMap;

use esia::{FullName, Oid, Snils};
use serde::{Deserialize, Serialize};

use crate::portal::accounts::{Account, Accounts};

/// People as the seed names them.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Cast {
    pub(crate) people: BTreeMap<String, Member>,
}

/// One of the cast.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Member {
    pub name: FullName,
    /// Who this is in the story.
    pub about: String,
    /// СНИЛС: finds the account, also one that is made later.
    pub snils: Option<Snils>,
    /// The account from the start.
    pub oid: Option<Oid>,
}

impl Cast {
    /// Everybody, in order of keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Member)> {
        self.people.iter().map(|(key, member)| (key.as_str(), member))
    }

    /// Somebody's account now.
    pub(crate) fn account<'s>(&self, key: &str, accounts: &'s Accounts) -> Option<&'s Account> {
        let member = self.people.get(key)?;
        let by_snils = || member.snils.as_ref().and_then(|snils| accounts.with_snils(snils));
        member.oid.and_then(|oid| accounts.get(oid)).or_else(by_snils)
    }
}
