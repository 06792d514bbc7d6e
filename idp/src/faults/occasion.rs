//! Response that is about to be given, and the faults that it meets.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};

use super::{catalogue::Entry, fault::Fault, place::Spot};
use crate::signing::KeyRing;

/// Response that is about to be given: recipient, place and time.
#[derive(Debug, Clone)]
pub(crate) struct Occasion {
    pub(crate) spot: Spot,
    pub(crate) now: DateTime<Utc>,
    /// Keys that sign changed tokens.
    pub(crate) keys: Arc<KeyRing>,
    /// Path of the request within the world.
    pub(crate) path: String,
    /// Scheme, host and port of this server.
    pub(crate) origin: String,
    pub(crate) client: Option<Mnemonic>,
    pub(crate) person: Option<Oid>,
    /// `state` of the authorization request that the response follows from.
    pub(crate) state: Option<String>,
    /// Parameter `grant_type` of a token request.
    pub(crate) grant_type: String,
    /// `state` of an earlier sign-in to the same client, already used.
    pub(crate) spent_state: Option<String>,
    /// Unused code of another person for the same client.
    pub(crate) other_code: Option<String>,
}

impl Occasion {
    /// Creates an occasion of which only place, time and keys are known.
    pub(crate) fn at(spot: Spot, now: DateTime<Utc>, keys: &Arc<KeyRing>) -> Self {
        let [path, origin, grant_type] = [const { String::new() }; 3];
        let (client, person, state) = (None, None, None);
        let keys = Arc::clone(keys);
        Self { spot, now, keys, path, origin, client, person, state, grant_type, spent_state: None, other_code: None }
    }

    /// Whether the fault applies to this response.
    pub(crate) fn meets(&self, fault: &Fault) -> bool {
        let Spot { place, .. } = self.spot;
        let is_own =
            |entry: &Entry| entry.act.acts_at(place) && entry.is_of(self.spot.protocol_name()) && fault.is_at(place);
        fault.entry().is_some_and(is_own)
            && fault.until.is_none_or(|until| self.now < until)
            && fault.client.as_ref().is_none_or(|client| self.client.as_ref() == Some(client))
            && fault.person.is_none_or(|person| self.person == Some(person))
            && fault.state.as_ref().is_none_or(|state| self.state.as_ref() == Some(state))
    }
}
