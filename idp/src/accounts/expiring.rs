//! Things that are kept for a while under a secret key: half-done registrations, sign-ins and recoveries.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};

/// How many are kept at a time in one world; beyond that a new one is refused, so that nobody can fill the memory.
const MAX_LIVING: usize = 1_000;

/// A map whose entries end by themselves. What has ended is dropped when the next one comes in.
#[derive(Debug, Clone)]
pub(crate) struct Expiring<V> {
    by_key: BTreeMap<String, (DateTime<Utc>, V)>,
    ends: BTreeSet<(DateTime<Utc>, String)>,
}

impl<V> Default for Expiring<V> {
    fn default() -> Self {
        Self { by_key: BTreeMap::new(), ends: BTreeSet::new() }
    }
}

impl<V> Expiring<V> {
    /// What lives under a key.
    pub(crate) fn get(&self, key: &str, now: DateTime<Utc>) -> Option<&V> {
        self.by_key.get(key).filter(|(ends_at, _)| now < *ends_at).map(|(_, value)| value)
    }

    /// When what is kept under a key ends.
    pub(crate) fn ends_at(&self, key: &str) -> Option<DateTime<Utc>> {
        self.by_key.get(key).map(|(ends_at, _)| *ends_at)
    }

    /// The same, ended or not, while it is kept.
    pub(crate) fn remembered(&self, key: &str) -> Option<&V> {
        self.by_key.get(key).map(|(_, value)| value)
    }

    /// The same, to change.
    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut V> {
        self.by_key.get_mut(key).map(|(_, value)| value)
    }

    /// Whether one more may come in.
    pub(crate) fn has_room(&self, now: DateTime<Utc>) -> bool {
        self.by_key.len() < MAX_LIVING
            || self.ends.iter().rev().take_while(|(ends_at, _)| now < *ends_at).count() < MAX_LIVING
    }

    /// Keeps a value until a time, and drops what has ended by now.
    pub(crate) fn insert(&mut self, key: String, value: V, ends_at: DateTime<Utc>, now: DateTime<Utc>) {
        while self.ends.first().is_some_and(|(at, _)| *at <= now) {
            if let Some((_, ended)) = self.ends.pop_first() {
                self.by_key.remove(&ended);
            }
        }
        self.remove(&key);
        self.ends.insert((ends_at, key.clone()));
        self.by_key.insert(key, (ends_at, value));
    }

    /// How many are kept, ended ones included.
    #[cfg(test)]
    pub(crate) fn len(&self) -> usize {
        self.by_key.len()
    }

    /// Takes out all that are not to stay.
    pub(crate) fn retain(&mut self, mut stays: impl FnMut(&V) -> bool) {
        self.by_key.retain(|_, (_, value)| stays(value));
        let by_key = &self.by_key;
        self.ends.retain(|(_, key)| by_key.contains_key(key));
    }

    /// Takes one out.
    pub(crate) fn remove(&mut self, key: &str) -> Option<V> {
        let (ends_at, value) = self.by_key.remove(key)?;
        self.ends.remove(&(ends_at, key.to_owned()));
        Some(value)
    }
}
