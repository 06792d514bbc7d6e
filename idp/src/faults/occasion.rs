//! An answer that is to be given: to whom, where and when; which faults it meets.

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};

use super::{catalogue::Entry, fault::Fault, place::Spot};

/// An answer that is to be given: to whom, where and when.
#[derive(Debug, Clone)]
pub(crate) struct Occasion {
    pub(crate) spot: Spot,
    pub(crate) now: DateTime<Utc>,
    pub(crate) client: Option<Mnemonic>,
    pub(crate) person: Option<Oid>,
    /// `state` of the authorization request behind it.
    pub(crate) state: Option<String>,
}

impl Occasion {
    /// Whether a fault is meant for this answer.
    pub(crate) fn meets(&self, fault: &Fault) -> bool {
        let is_own = |entry: &Entry| entry.act.acts_at(self.spot.place) && entry.is_of(self.spot.protocol_name());
        fault.entry().is_some_and(is_own)
            && fault.until.is_none_or(|until| self.now < until)
            && fault.client.as_ref().is_none_or(|client| self.client.as_ref() == Some(client))
            && fault.person.is_none_or(|person| self.person == Some(person))
            && fault.state.as_ref().is_none_or(|state| self.state.as_ref() == Some(state))
    }
}
