//! The keys of a world as a checkpoint keeps them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::{key::KeyPair, step::Step};

/// The keys of a world as a checkpoint keeps them. Those that come with the program are known by their numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RingRecord {
    /// Keys that were made in the world.
    pub(super) made: BTreeMap<u64, KeyPair>,
    /// Numbers of keys that everybody sees.
    pub(super) published: BTreeSet<u64>,
    /// Numbers of keys that sign, one of each algorithm.
    pub(super) signing: BTreeSet<u64>,
    /// What is planned for keys.
    pub(super) planned: BTreeSet<(DateTime<Utc>, Step)>,
}
