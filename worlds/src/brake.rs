//! The brake on guessing passwords and codes: ten wrong ones in a row lock an account for a quarter of an hour.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// Wrong tries in a row before an account is locked.
const MAX_FAILURES: u32 = 10;
/// How long it is locked, and how long tries are counted together.
const LOCKED_FOR: TimeDelta = TimeDelta::minutes(15);

/// Wrong tries of each account.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(bound(serialize = "K: Serialize", deserialize = "K: Ord + Deserialize<'de>"))]
pub struct Brake<K>(BTreeMap<K, (u32, DateTime<Utc>)>);

impl<K> Default for Brake<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<K: Ord> Brake<K> {
    /// Until when an account is locked, if it is.
    pub fn locked_until<Q: Ord + ?Sized>(&self, account: &Q, now: DateTime<Utc>) -> Option<DateTime<Utc>>
    where
        K: std::borrow::Borrow<Q>,
    {
        let (count, last) = self.0.get(account)?;
        let until = *last + LOCKED_FOR;
        (*count >= MAX_FAILURES && now < until).then_some(until)
    }

    /// How many more wrong tries lock an account.
    pub fn tries_left<Q: Ord + ?Sized>(&self, account: &Q, now: DateTime<Utc>) -> u32
    where
        K: std::borrow::Borrow<Q>,
    {
        let recent = self.0.get(account).filter(|(_, last)| now < *last + LOCKED_FOR);
        MAX_FAILURES - recent.map_or(0, |(count, _)| *count).min(MAX_FAILURES)
    }

    /// Counts a wrong try.
    pub fn count(&mut self, account: K, now: DateTime<Utc>) {
        let (count, last) = self.0.entry(account).or_insert((0, now));
        *count = if now < *last + LOCKED_FOR { *count + 1 } else { 1 };
        *last = now;
    }

    /// Forgets what was wrong: a right one came, or the password is new.
    pub fn release<Q: Ord + ?Sized>(&mut self, account: &Q)
    where
        K: std::borrow::Borrow<Q>,
    {
        self.0.remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_wrong_tries_in_a_row_lock_for_a_quarter_of_an_hour_and_nine_do_not() {
        let at = |minute: i64| DateTime::from_timestamp(minute * 60, 0).unwrap();
        let mut brake = Brake::<String>::default();
        for _ in 0..9 {
            brake.count("one".to_owned(), at(0));
        }
        assert_eq!((brake.locked_until("one", at(0)), brake.tries_left("one", at(0))), (None, 1));
        brake.count("one".to_owned(), at(1));
        assert_eq!((brake.locked_until("one", at(15)), brake.tries_left("one", at(15))), (Some(at(16)), 0));
        assert_eq!(brake.locked_until("other", at(2)), None);
        assert_eq!((brake.locked_until("one", at(16)), brake.tries_left("one", at(16))), (None, 10));
        brake.count("one".to_owned(), at(16));
        assert_eq!(brake.tries_left("one", at(16)), 9, "counted from one again");
        brake.release("one");
        assert_eq!(brake.tries_left("one", at(16)), 10);
    }
}
