//! How much a server keeps, and a world in brief.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::WorldName;

/// How much a server keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Worlds at once.
    pub worlds: usize,
    /// Bytes that all worlds may take before another one is made: of memory, or of the file.
    pub bytes: u64,
    /// Worlds that are open at once, where there is a file from which the others can be brought back. Of those that nobody
    /// holds, the ones that have not been asked for longest are closed; their journals of requests go then.
    pub open: usize,
    /// Journal entries of one world.
    pub journal: usize,
    /// Journal entries of all worlds together, bytes.
    pub journal_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { worlds: 50_000, bytes: 4 << 30, open: 1_000, journal: 500, journal_bytes: 64 * 1024 * 1024 }
    }
}

/// One world in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Name of the world.
    pub name: WorldName,
    /// Its seed's title.
    pub title: String,
    /// Now, by the world's clock.
    pub now: DateTime<Utc>,
    /// Number of its events.
    pub seq: u64,
}
