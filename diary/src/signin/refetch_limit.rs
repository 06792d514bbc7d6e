//! Limit on repeated fetches of providers' keys.

use std::collections::VecDeque;

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::Mutex;

/// Maximum number of repeated fetches of a provider's keys within the time span.
const MOST: usize = 2;
/// Time span of the limit, seconds by the world's clock.
const SPAN_S: i64 = 30;
/// Maximum number of remembered providers.
const PROVIDERS: usize = 256;

/// Recent repeated fetches of keys by provider. Anybody can present tokens with unknown keys; without the limit each
/// would cause a request to the provider.
#[derive(Default)]
pub(super) struct RefetchLimit(Mutex<VecDeque<(String, VecDeque<DateTime<Utc>>)>>);

impl RefetchLimit {
    /// Checks whether the keys of a provider may be fetched again now, and counts the fetch.
    pub(super) fn allow(&self, base: &str, now: DateTime<Utc>) -> bool {
        let mut known = self.0.lock();
        let at = known.iter().position(|(other, _)| other == base);
        let (base, mut lately) =
            at.and_then(|at| known.remove(at)).unwrap_or_else(|| (base.to_owned(), VecDeque::new()));
        lately.retain(|&then| then <= now && now - then < TimeDelta::seconds(SPAN_S));
        let is_allowed = lately.len() < MOST;
        if is_allowed {
            lately.push_back(now);
        }
        if known.len() >= PROVIDERS {
            known.pop_front();
        }
        known.push_back((base, lately));
        is_allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_within_half_a_minute_are_allowed_for_each_provider() {
        let limit = RefetchLimit::default();
        let at = |second: i64| DateTime::from_timestamp(1_725_256_800 + second, 0).unwrap();
        let allowed = [("a", 0), ("a", 10), ("a", 20), ("b", 20), ("a", 29), ("a", 30), ("a", 35), ("a", 40)]
            .map(|(base, second)| limit.allow(base, at(second)));
        assert_eq!(allowed, [true, true, false, true, false, true, false, true]);
        for number in 0..2 * PROVIDERS {
            limit.allow(&number.to_string(), at(0));
        }
        assert_eq!(limit.0.lock().len(), PROVIDERS);
    }
}
