//! Events of the faults of a world.

use serde::{Deserialize, Serialize};

use super::fault::Fault;

/// Event of the faults of a world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum FaultEvent {
    /// A fault was set.
    Set {
        /// Number of the fault in this world.
        number: u64,
        /// Fault with its scope and end.
        fault: Box<Fault>,
    },
    /// A fault was lifted, or its time was over.
    Lifted {
        /// Number of the fault in this world.
        number: u64,
    },
    /// A fault with a count or a probability met a response.
    Used {
        /// Number of the fault in this world.
        number: u64,
        /// Whether the response was changed; if not, the probability decided against it.
        hit: bool,
        /// Number of responses that the fault still changes, if it has a count.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        left: Option<u32>,
    },
}
