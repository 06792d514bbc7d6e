//! How much a server keeps, and a world in brief.

use chrono::{DateTime, TimeDelta, Utc};
use esia::language::tr;
use serde::Serialize;

use crate::{WorldName, store::Size};

/// How much a server keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// What single owners of worlds may keep, within the rest.
    pub quotas: Vec<Quota>,
}

/// What one owner of worlds may keep: the worlds that [belong to](WorldName::belongs_to) it, whoever makes them. Where several
/// replicas make worlds at one instant, each may go beyond by one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quota {
    /// The owner's name.
    pub owner: WorldName,
    /// Worlds at once; any number when `None`.
    pub worlds: Option<usize>,
    /// Bytes that they may take in the store before another one is made; any number when `None`.
    pub bytes: Option<u64>,
    /// Journal entries of each world; [`Limits::journal`] when `None`.
    pub requests: Option<usize>,
}

impl Quota {
    /// Whether it leaves room for one more world beside those that are there.
    ///
    /// # Errors
    /// What there is enough of.
    pub(crate) fn check(&self, size: Size) -> Result<(), QuotaError> {
        let owner = || self.owner.clone();
        match (self.worlds, self.bytes) {
            (Some(most), _) if size.worlds >= most => Err(QuotaError::Worlds { owner: owner(), most }),
            (_, Some(most)) if size.bytes >= most => Err(QuotaError::Bytes { owner: owner(), taken: size.bytes }),
            _ => Ok(()),
        }
    }
}

/// Why an owner may have no further world.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuotaError {
    /// It has as many as it may.
    #[error(
        "{}",
        tr!(
            "У команды «{owner}» уже столько миров, сколько ей можно: {most}",
            "Team «{owner}» has as many worlds as it may: {most}"
        )
    )]
    Worlds {
        /// Whose worlds they are.
        owner: WorldName,
        /// How many it may have.
        most: usize,
    },
    /// They take as much room as they may.
    #[error(
        "{}",
        tr!(
            "Миры команды «{owner}» занимают уже {} КиБ, больше ей нельзя",
            "The worlds of team «{owner}» take {} KiB already, which is all that it may have",
            taken.div_ceil(1024)
        )
    )]
    Bytes {
        /// Whose worlds they are.
        owner: WorldName,
        /// How many bytes they take.
        taken: u64,
    },
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

    /// The quota that a world falls under, if there is one.
    pub(crate) fn quota_of(&self, world: &WorldName) -> Option<&Quota> {
        self.quotas.iter().find(|quota| world.belongs_to(&quota.owner))
    }

    /// How many entries the journal of a world has room for.
    pub(crate) fn journal_of(&self, world: &WorldName) -> usize {
        self.quota_of(world).and_then(|quota| quota.requests).unwrap_or(self.journal)
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
            quotas: Vec::new(),
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
