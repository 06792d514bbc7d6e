//! What is kept: genesis and records.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::{Checkpoint, Clock, SeedDocument, WorldName};

/// How a world began. With its records it is the world.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Genesis {
    /// The document that it was made from.
    pub seed: SeedDocument,
    /// Start of its random values.
    pub random: u64,
    /// Its clock at the beginning.
    pub clock: Clock,
    /// Its first instant, by that clock.
    pub started_at: DateTime<Utc>,
}

/// One event as it is kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Record {
    /// 1, 2, 3, … without gaps.
    pub seq: u64,
    /// When, by the world's clock.
    pub at: DateTime<Utc>,
    /// Where the world's random source stood afterwards.
    pub rng: u64,
    /// The event, as JSON with a `type`.
    pub event: Arc<RawValue>,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        (self.seq, self.at, self.rng, self.event.get()) == (other.seq, other.at, other.rng, other.event.get())
    }
}

/// A whole world as one JSON document: fit for a file, an issue, another machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Export {
    /// Version of this format: 1, or 2 with a checkpoint.
    pub format: u32,
    /// Which server it is a world of: `idp` or `diary`.
    pub server: String,
    /// The name it had.
    pub name: WorldName,
    /// How it began.
    pub genesis: Genesis,
    /// Its state at one of its events, where the events up to that one are not all kept any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checkpoint: Option<Checkpoint>,
    /// What happened, in order.
    pub records: Vec<Record>,
}
