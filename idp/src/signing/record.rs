//! Serialized form of a world's keys in a checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{key::KeyPair, step::Step};

/// Keys of a world as a checkpoint stores them. Built-in keys are stored by number alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RingRecord {
    /// Keys that were generated in the world, by number.
    pub(super) made: BTreeMap<u64, KeyPair>,
    /// Numbers of the published keys.
    pub(super) published: BTreeSet<u64>,
    /// Numbers of the keys that sign, one of each algorithm.
    pub(super) signing: BTreeSet<u64>,
    /// Planned changes, with their times by the world's clock.
    pub(super) planned: BTreeSet<(DateTime<Utc>, Step)>,
}
