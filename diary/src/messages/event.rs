//! Events of threads between families and teachers.

use serde::{Deserialize, Serialize};

use super::thread::{Recipient, Side};

/// Event of a thread between a family and a teacher.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case", deny_unknown_fields)]
pub(crate) enum MessageEvent {
    /// A family member or a teacher began a thread with the other side.
    ThreadBegun {
        by: String,
        thread: u32,
        /// The side that began the thread.
        #[serde(default)]
        side: Side,
        pupil: String,
        family: Recipient,
        teacher: String,
        topic: String,
        text: String,
    },
    /// One side wrote a further message.
    MessageWritten { by: String, thread: u32, side: Side, text: String },
    /// One side opened the messages of the other.
    MessagesRead { by: String, thread: u32, side: Side },
}
