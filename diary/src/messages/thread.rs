//! Threads between families and teachers, as the diary keeps them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::register::PersonId;

/// The member of a family who writes. Each has threads of their own: a mother does not read what the father wrote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Recipient {
    /// Key of the pupil.
    Pupil(String),
    /// Key of a parent.
    Parent(String),
}

impl Recipient {
    /// In the register.
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
    /// Name at that time.
    pub(super) by: String,
    pub(super) text: String,
    /// When the other side opened the thread after it.
    pub(super) read_at: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Thread {
    pub(super) topic: String,
    /// Key of the pupil whom it is about.
    pub(super) pupil: String,
    pub(super) family: Recipient,
    /// Key of the one at school.
    pub(super) teacher: String,
    /// In the order of time.
    pub(super) messages: Vec<Message>,
    /// Which of all the messages of the world is its last: the newest thread has the greatest.
    pub(super) last: u64,
}

impl Thread {
    /// How many messages one side has not read.
    pub(super) fn unread_by(&self, side: Side) -> usize {
        self.messages.iter().filter(|one| one.from != side && one.read_at.is_none()).count()
    }
}

/// What the diary keeps of messages.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Messages {
    /// By number, from 1 without gaps.
    pub(super) threads: BTreeMap<u32, Thread>,
    /// Numbers of the threads in which somebody takes part.
    pub(super) of: BTreeMap<PersonId, BTreeSet<u32>>,
    /// How many messages there are.
    pub(super) written: u64,
}

impl Messages {
    pub(super) fn with(&self, id: &PersonId) -> impl Iterator<Item = (u32, &Thread)> {
        let ids = self.of.get(id).into_iter().flatten();
        ids.filter_map(|id| self.threads.get(id).map(|thread| (*id, thread)))
    }
}
