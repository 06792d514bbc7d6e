//! Things with a term, by a random name: sign-ins under way, sessions, refusals.

use std::collections::{BTreeMap, VecDeque};

use chrono::{DateTime, Utc};

/// So many at most: a frozen clock lets nothing expire.
const BOUND: usize = 10_000;

/// Keeps what has not expired; what has is dropped as new things come.
#[derive(Debug, Clone)]
pub(crate) struct Expiring<T> {
    entries: BTreeMap<String, (DateTime<Utc>, T)>,
    order: VecDeque<String>,
}

impl<T> Default for Expiring<T> {
    fn default() -> Self {
        Self { entries: BTreeMap::new(), order: VecDeque::new() }
    }
}

impl<T> Expiring<T> {
    /// Keeps `value` until `expires_at`. All terms of one map are equally long.
    pub(crate) fn insert(&mut self, now: DateTime<Utc>, name: String, expires_at: DateTime<Utc>, value: T) {
        while let Some(oldest) = self.order.front() {
            if self.order.len() < BOUND && self.get(now, oldest).is_some() {
                break;
            }
            self.entries.remove(oldest);
            self.order.pop_front();
        }
        self.order.push_back(name.clone());
        self.entries.insert(name, (expires_at, value));
    }

    /// What is kept under a name and has not expired.
    pub(crate) fn get(&self, now: DateTime<Utc>, name: &str) -> Option<&T> {
        self.entries.get(name).filter(|(expires_at, _)| now < *expires_at).map(|(_, value)| value)
    }

    /// What is kept under a name, expired or not, to change.
    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        self.entries.get_mut(name).map(|(_, value)| value)
    }

    /// Everything that has not expired, by name.
    pub(crate) fn iter(&self, now: DateTime<Utc>) -> impl Iterator<Item = (&str, &T)> {
        let living = self.entries.iter().filter(move |(_, (expires_at, _))| now < *expires_at);
        living.map(|(name, (_, value))| (name.as_str(), value))
    }

    /// Drops it before its time.
    pub(crate) fn remove(&mut self, name: &str) {
        self.entries.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_expired_is_gone_and_the_rest_is_bounded() {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let mut kept = Expiring::default();
        kept.insert(at(0), "a".to_owned(), at(10), 1);
        kept.insert(at(5), "b".to_owned(), at(15), 2);
        assert_eq!((kept.get(at(9), "a"), kept.get(at(10), "a"), kept.get(at(10), "b")), (Some(&1), None, Some(&2)));
        kept.insert(at(12), "c".to_owned(), at(22), 3);
        assert_eq!((kept.entries.len(), kept.order.len()), (2, 2));
        kept.remove("b");
        assert_eq!(kept.get(at(12), "b"), None);
        for number in 0..2 * BOUND {
            kept.insert(at(12), number.to_string(), at(22), 4);
        }
        assert!(kept.entries.len() <= BOUND && kept.order.len() <= BOUND);
        assert_eq!(kept.get(at(12), &(2 * BOUND - 1).to_string()), Some(&4));
    }
}
