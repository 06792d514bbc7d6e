//! The journal of requests: what was asked of a world, what it answered, and why.
//!
//! Not part of a world's history: it is bounded, kept in memory, and neither forked nor exported.

use std::collections::VecDeque;

use chrono::{DateTime, Utc};
use parking_lot::Mutex;
use serde::Serialize;

/// How one check of a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// As expected.
    Passed,
    /// Not as expected; the request was refused for it.
    Failed,
    /// Not as expected, and let through because the world is lenient.
    Tolerated,
}

/// One thing that was looked at while a request was answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Stable name, as `client-signature`.
    pub rule: String,
    /// Where the rule stands, as `ESIA-PROTOCOL §2.1` or `RFC 6749 §4.1.2`.
    pub source: String,
    /// What would have been right.
    pub expected: String,
    /// What came.
    pub got: String,
    /// How it ended.
    pub outcome: Outcome,
}

/// One side of an exchange as it was on the wire. A mock hides nothing from its tester.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Message {
    /// Header fields in order.
    pub headers: Vec<(String, String)>,
    /// The body as text, cut at the journal's limit; not kept for streams and static files.
    pub body: String,
}

/// One request of a world with its verdict.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// 1, 2, 3, … in the order of answers.
    pub id: u64,
    /// When, by the world's clock.
    pub at: DateTime<Utc>,
    /// `GET`, `POST`, …
    pub method: String,
    /// Path and query as asked, without the world's prefix.
    pub target: String,
    /// What came.
    pub request: Message,
    /// Status code of the answer.
    pub status: u16,
    /// What was answered.
    pub response: Message,
    /// Time spent, microseconds.
    pub duration_us: u64,
    /// Every check in order.
    pub verdict: Vec<Check>,
}

impl Entry {
    /// The path without the query.
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }
}

/// A bounded journal: the newest entries of one world.
#[derive(Debug)]
pub struct Journal {
    bound: usize,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    entries: VecDeque<Entry>,
}

impl Journal {
    /// Keeps the newest `bound` entries.
    pub fn new(bound: usize) -> Self {
        Self { bound, inner: Mutex::default() }
    }

    /// The id that the next answer will carry. Ids are never given twice.
    pub fn next_id(&self) -> u64 {
        let mut inner = self.inner.lock();
        inner.last += 1;
        inner.last
    }

    /// Keeps an entry whose id came from [`Journal::next_id`], dropping the oldest when full.
    pub fn keep(&self, entry: Entry) {
        let mut inner = self.inner.lock();
        // Answers may end in another order than their ids; nearly always this is the end.
        let place = inner.entries.partition_point(|kept| kept.id < entry.id);
        inner.entries.insert(place, entry);
        if inner.entries.len() > self.bound {
            inner.entries.pop_front();
        }
    }

    /// The newest `limit` entries before id `before` (all when `None`), newest first.
    pub fn newest(&self, before: Option<u64>, limit: usize) -> Vec<Entry> {
        let inner = self.inner.lock();
        let end = before.map_or(inner.entries.len(), |id| inner.entries.partition_point(|entry| entry.id < id));
        inner.entries.range(..end).rev().take(limit).cloned().collect()
    }

    /// One entry, if it is still kept.
    pub fn get(&self, id: u64) -> Option<Entry> {
        let inner = self.inner.lock();
        inner.entries.binary_search_by_key(&id, |entry| entry.id).ok().and_then(|at| inner.entries.get(at).cloned())
    }
}
