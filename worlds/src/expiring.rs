//! Things with a term: sign-ins under way, sessions, refusals, codes. What has ended does not count, and what may be there at
//! once is bounded by owner and in all, so that a stranger can neither fill the memory nor shut others out.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How much may live in a map at once. What comes in is never refused: the oldest goes, of the newcomer's owner where that
/// one has its fill, otherwise of the owner who has the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limit {
    /// Entries of one owner.
    pub each: usize,
    /// Entries of all owners together.
    pub all: usize,
}

/// Who an entry belongs to, and until when it lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Term<'a> {
    /// An account, a system, a browser; the empty one for what belongs to nobody.
    pub owner: &'a str,
    /// From this instant on it has ended.
    pub ends_at: DateTime<Utc>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
struct Entry<V> {
    ends_at: DateTime<Utc>,
    owner: Arc<str>,
    /// Its place in the order of arrival.
    number: u64,
    value: V,
}

type Size = (usize, Reverse<u64>, Arc<str>);

/// Where an owner stands among all: how many entries, and the number of the oldest.
fn size(owner: &Arc<str>, own: &BTreeMap<u64, Arc<str>>) -> Option<Size> {
    own.keys().next().map(|first| (own.len(), Reverse(*first), Arc::clone(owner)))
}

/// A map whose entries end by themselves. What has ended is remembered until the next one comes in. Its indexes share their
/// keys: there may be many.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Expiring<V> {
    by_key: BTreeMap<Arc<str>, Entry<V>>,
    ends: BTreeSet<(DateTime<Utc>, Arc<str>)>,
    /// Keys of each owner in order of arrival.
    owners: BTreeMap<Arc<str>, BTreeMap<u64, Arc<str>>>,
    /// Owners by how much they have, then by who came last: the last one is who gives way.
    sizes: BTreeSet<Size>,
    next: u64,
}

impl<V> Default for Expiring<V> {
    fn default() -> Self {
        Self {
            by_key: BTreeMap::new(),
            ends: BTreeSet::new(),
            owners: BTreeMap::new(),
            sizes: BTreeSet::new(),
            next: 0,
        }
    }
}

impl<V> Expiring<V> {
    /// What lives under a key.
    pub fn get(&self, key: &str, now: DateTime<Utc>) -> Option<&V> {
        self.by_key.get(key).filter(|entry| now < entry.ends_at).map(|entry| &entry.value)
    }

    /// When what is kept under a key ends.
    pub fn ends_at(&self, key: &str) -> Option<DateTime<Utc>> {
        self.by_key.get(key).map(|entry| entry.ends_at)
    }

    /// The same, ended or not, while it is kept.
    pub fn remembered(&self, key: &str) -> Option<&V> {
        self.by_key.get(key).map(|entry| &entry.value)
    }

    /// The same, to change.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.by_key.get_mut(key).map(|entry| &mut entry.value)
    }

    /// Everything that lives, by key.
    pub fn iter(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&str, &V)> {
        let living = self.by_key.iter().filter(move |(_, entry)| now < entry.ends_at);
        living.map(|(key, entry)| (&**key, &entry.value))
    }

    /// The keys of an owner in order of arrival, ended or not, while they are kept.
    pub fn of_owner(&self, owner: &str) -> impl Iterator<Item = &str> {
        self.owners.get(owner).into_iter().flat_map(|own| own.values().map(|key| &**key))
    }

    /// How many are kept, those included that have ended since the last one came in.
    pub fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.by_key.is_empty()
    }

    /// Keeps a value until a time, and drops what has ended by now. For what nobody can add without a right to: the number
    /// is not bounded.
    pub fn insert(&mut self, key: String, value: V, ends_at: DateTime<Utc>, now: DateTime<Utc>) {
        self.put(key, value, Term { owner: "", ends_at }, now);
    }

    /// Keeps a value of an owner. Answers with what had to go for it, and whose it was.
    pub fn insert_within(
        &mut self,
        (key, value): (String, V),
        term: Term<'_>,
        limit: Limit,
        now: DateTime<Utc>,
    ) -> Option<(String, V)> {
        self.forget(now);
        self.remove(&key);
        let gone = self.crowded_out(term.owner, limit).map(str::to_owned);
        let gone = gone.and_then(|key| self.take(&key)).map(|entry| (entry.owner.to_string(), entry.value));
        self.put(key, value, term, now);
        gone
    }

    /// Says in the server's log that something of `what` gives way when one more of an owner comes in now.
    pub fn note_displaced(&self, what: &'static str, owner: &str, limit: Limit, now: DateTime<Utc>) -> bool {
        let gives_way = self.gives_way(owner, limit, now);
        if gives_way {
            tracing::warn!(what, "too many at once: the oldest gives way to a newer one");
        }
        gives_way
    }

    fn gives_way(&self, owner: &str, limit: Limit, now: DateTime<Utc>) -> bool {
        if self.crowded_out(owner, limit).is_none() {
            return false;
        }
        let ended = self.ends.iter().take_while(|(at, _)| *at <= now).count();
        if ended == 0 {
            return true;
        }
        let lives = |key: &&Arc<str>| self.get(key, now).is_some();
        let own = self.owners.get(owner).map_or(0, |own| own.values().filter(lives).count());
        own >= limit.each || self.by_key.len() - ended >= limit.all
    }

    /// The key of what must go when one more of an owner comes in.
    fn crowded_out(&self, owner: &str, limit: Limit) -> Option<&str> {
        let oldest = |owner: &str| self.owners.get(owner)?.values().next().map(|key| &**key);
        if self.owners.get(owner).is_some_and(|own| own.len() >= limit.each) {
            return oldest(owner);
        }
        if self.by_key.len() < limit.all {
            return None;
        }
        self.sizes.last().and_then(|(.., owner)| oldest(owner))
    }

    fn put(&mut self, key: String, value: V, term: Term<'_>, now: DateTime<Utc>) {
        self.forget(now);
        self.remove(&key);
        let key: Arc<str> = key.into();
        let known = self.owners.get_key_value(term.owner).map(|(owner, _)| Arc::clone(owner));
        let (number, owner) = (self.next, known.unwrap_or_else(|| term.owner.into()));
        self.next += 1;
        self.ends.insert((term.ends_at, Arc::clone(&key)));
        let own = self.owners.entry(Arc::clone(&owner)).or_default();
        if let Some(before) = size(&owner, own) {
            self.sizes.remove(&before);
        }
        own.insert(number, Arc::clone(&key));
        self.sizes.extend(size(&owner, own));
        self.by_key.insert(key, Entry { ends_at: term.ends_at, owner, number, value });
    }

    /// Drops what has ended by now.
    fn forget(&mut self, now: DateTime<Utc>) {
        while self.ends.first().is_some_and(|(at, _)| *at <= now) {
            let Some((_, ended)) = self.ends.pop_first() else { return };
            self.take(&ended);
        }
    }

    /// Takes out all that are not to stay.
    pub fn retain(&mut self, mut stays: impl FnMut(&V) -> bool) {
        let going: Vec<_> =
            self.by_key.iter().filter(|(_, entry)| !stays(&entry.value)).map(|(key, _)| key.clone()).collect();
        for key in going {
            self.take(&key);
        }
    }

    /// Takes one out.
    pub fn remove(&mut self, key: &str) -> Option<V> {
        self.take(key).map(|entry| entry.value)
    }

    /// Whether all its indexes say the same.
    #[cfg(test)]
    pub(crate) fn agrees(&self) -> bool {
        let owned: usize = self.owners.values().map(BTreeMap::len).sum();
        let sizes = self.owners.iter().filter_map(|(owner, own)| size(owner, own));
        self.by_key.len() == owned
            && self.by_key.len() == self.ends.len()
            && self.sizes.iter().cloned().eq({
                let mut sizes: Vec<_> = sizes.collect();
                sizes.sort();
                sizes
            })
    }

    fn take(&mut self, key: &str) -> Option<Entry<V>> {
        let (key, entry) = self.by_key.remove_entry(key)?;
        self.ends.remove(&(entry.ends_at, key));
        if let Some(own) = self.owners.get_mut(&entry.owner) {
            if let Some(before) = size(&entry.owner, own) {
                self.sizes.remove(&before);
            }
            own.remove(&entry.number);
            let after = size(&entry.owner, own);
            if after.is_none() {
                self.owners.remove(&entry.owner);
            }
            self.sizes.extend(after);
        }
        Some(entry)
    }
}
