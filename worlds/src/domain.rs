//! What a server keeps in its worlds.

use chrono::{DateTime, Utc};
use serde::{Serialize, de::DeserializeOwned};

use crate::{SeedDocument, SeedError};

/// What *decide* answers with: the events to record and whatever the caller wants to know.
pub type Decided<E, T> = (Vec<E>, T);

/// Events that fell due at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Due<E> {
    /// When it falls due.
    pub at: DateTime<Utc>,
    /// What happened then.
    pub events: Vec<E>,
}

/// The state of one server's world and the events that change it.
///
/// All of it is plain data; nothing here does I/O, reads a clock or draws a random value.
/// Serialized it is a checkpoint, which a later version of the program may read.
pub trait Domain: Clone + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Raised when what a state holds means something else than before: checkpoints of other versions are not read.
    const STATE_VERSION: u32;

    /// What can happen. Serialized with a `type` tag in kebab-case; `clock-changed` and `copied` are taken.
    type Event: Clone + Serialize + DeserializeOwned + Send + Sync + 'static;

    /// The state that a seed document describes, at the world's first instant.
    ///
    /// # Errors
    /// A seed that says something unknown, impossible or that could be a real person.
    fn genesis(seed: &SeedDocument, at: DateTime<Utc>) -> Result<Self, SeedError>;

    /// Takes in what was recorded. Never fails, and looks at nothing but its arguments.
    fn apply(&mut self, at: DateTime<Utc>, event: &Self::Event);

    /// Whether there is anything that [`Domain::forget_credentials`] would forget. A copy that has nothing to forget goes on
    /// sharing its state with its parent.
    fn has_credentials(&self) -> bool;

    /// Forgets whatever opens something by being known: sessions, codes and tokens of protocols, requests and sign-ins
    /// under way. Asked of the copy of a world, in which those of the other are no good. What stands in a mail-box of the
    /// copy, or is shown on its pages, is not meant: it belongs to the story that was copied.
    fn forget_credentials(&mut self);

    /// The earliest instant at which something falls due by itself. Asked before every decision and read: O(1).
    fn next_due(&self) -> Option<DateTime<Utc>>;

    /// What falls due first, if that is at or before `until`. Applying its events must move [`Domain::next_due`] on.
    fn due(&self, until: DateTime<Utc>) -> Option<Due<Self::Event>>;

    /// One sentence for the timeline in the language that is spoken; `self` is the state now, for names.
    fn tell(&self, event: &Self::Event) -> String;
}
