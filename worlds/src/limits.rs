//! How much a server keeps, and a world in brief.

use chrono::{DateTime, TimeDelta, Utc};
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
    /// Events of a world's log that are kept before its checkpoint. `None`: all of them, or 10,000 where worlds are in memory.
    pub events: Option<u64>,
    /// After how many events at least a world gets its next checkpoint.
    pub checkpoint_events: u64,
    /// After how long a world that nobody asks for is dropped, by the machine's clock; never when `None`, and `main` never.
    pub idle: Option<TimeDelta>,
    /// Journal entries of one world.
    pub journal: usize,
    /// Journal entries of all worlds together, bytes.
    pub journal_bytes: usize,
}

impl Limits {
    /// The usual ones, but that so many events are kept, and so many worlds open.
    #[must_use]
    pub fn keeping(events: Option<u64>, open: Option<usize>) -> Self {
        let usual = Self::default();
        // What is kept can be cut only as often as there are checkpoints.
        let checkpoint_events =
            events.map_or(usual.checkpoint_events, |events| events.clamp(1, usual.checkpoint_events));
        Self { events, checkpoint_events, open: open.unwrap_or(usual.open), ..usual }
    }

    /// How exactly it is known when a world was last asked for: the store is told so at most once in this time, so that a
    /// world is dropped so much later at the most.
    pub(crate) fn idle_step(&self) -> Option<TimeDelta> {
        self.idle.map(|idle| (idle / 20).clamp(TimeDelta::milliseconds(100), TimeDelta::hours(1)))
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            worlds: 50_000,
            bytes: 4 << 30,
            open: 1_000,
            events: None,
            idle: None,
            checkpoint_events: 2_000,
            journal: 500,
            journal_bytes: 64 * 1024 * 1024,
        }
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
    /// When it is dropped unless somebody asks for it, by the machine's clock; `None` where that never happens.
    pub drops_at: Option<DateTime<Utc>>,
}
