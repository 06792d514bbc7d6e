//! Threads between families and teachers, as stored in the state of a world.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::register::PersonId;

/// Family member who takes part in a thread. Each has separate threads: a mother does not read what the father wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Recipient {
    /// Key of the pupil.
    Pupil(String),
    /// Key of a parent.
    Parent(String),
}

impl Recipient {
    /// Returns the person of the register.
    pub(super) fn id(&self) -> PersonId {
        match self {
            Self::Pupil(key) => PersonId::Pupil(key.clone()),
            Self::Parent(key) => PersonId::Parent(key.clone()),
        }
    }
}

/// A side of a thread.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Side {
    /// The pupil or a parent.
    #[default]
    Family,
    /// The teacher of the pupil.
    School,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Message {
    pub(super) at: DateTime<Utc>,
    pub(super) from: Side,
    /// Name of the writer at that time.
    pub(super) by: String,
    pub(super) text: String,
    /// When the other side first opened the thread after this message.
    pub(super) read_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Thread {
    pub(super) topic: String,
    /// Key of the pupil whom the thread is about.
    pub(super) pupil: String,
    pub(super) family: Recipient,
    /// Key of the teacher in the register.
    pub(super) teacher: String,
    /// Messages in the order of time.
    pub(super) messages: Vec<Message>,
    /// Serial number of the thread's last message among all messages of the world; greatest in the newest thread.
    pub(super) last: u64,
}

impl Thread {
    /// Returns the number of messages that a side has not read.
    pub(super) fn unread_by(&self, side: Side) -> usize {
        self.messages.iter().filter(|one| one.from != side && one.read_at.is_none()).count()
    }
}

/// All threads of a world.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Messages {
    /// Threads by number, from 1 without gaps.
    pub(super) threads: BTreeMap<u32, Thread>,
    /// Numbers of the threads in which each person takes part.
    pub(super) of: BTreeMap<PersonId, BTreeSet<u32>>,
    /// Number of messages ever written.
    pub(super) written: u64,
}

impl Messages {
    pub(super) fn with(&self, id: &PersonId) -> impl Iterator<Item = (u32, &Thread)> {
        let ids = self.of.get(id).into_iter().flatten();
        ids.filter_map(|id| self.threads.get(id).map(|thread| (*id, thread)))
    }
}
