//! Events of faults.

use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// What happens to the faults of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FaultEvent {
    /// A fault was set.
    Set {
        /// Its number in this world.
        number: u64,
        /// The fault itself.
        fault: Box<Fault>,
    },
    /// It was lifted, or its time was over.
    Lifted {
        /// Its number in this world.
        number: u64,
    },
    /// It came to a fault that counts or that leaves things to chance.
    Used {
        /// Its number in this world.
        number: u64,
        /// Whether the answer was changed; otherwise chance was against it.
        hit: bool,
        /// How many answers it still changes, where that is counted.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<u32>,
    },
}
