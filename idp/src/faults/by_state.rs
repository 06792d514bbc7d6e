//! Faults set through the `state` of an authorization request: `fault:claim.aud-other:…`, several separated by commas.
//! They serve clients that can be configured in no other way.

use axum::{extract::Request, http::Method};
use chrono::{DateTime, TimeDelta, Utc};
use worlds::{World, WorldRng, store::StoreError};

use super::{
    catalogue::{Entry, find},
    event::FaultEvent,
    fault::{Fault, SetBy},
    occasion::Occasion,
    state::Active,
};
use crate::{event::Event, state::Gosuslugi};

/// Prefix of a `state` that sets faults.
const PREFIX: &str = "fault:";
/// Lifetime of such a fault, long enough for a sign-in and the session after it.
const FOR: TimeDelta = TimeDelta::hours(1);
/// Maximum number of such faults in a world, because anyone can send such a request. The oldest fault is lifted first.
const MOST: usize = 1_000;

/// Whether an authorization request may set a fault. A `POST` always may, because its form is not read here.
pub(super) fn may_ask(request: &Request) -> bool {
    *request.method() == Method::POST || request.uri().query().is_some_and(|query| query.contains("state=fault"))
}

/// Returns the faults that a `state` names. Names that are not in the catalogue, or whose fault cannot be set for one
/// sign-in, are ignored.
fn named(state: &str) -> impl Iterator<Item = &'static Entry> {
    let names = state.strip_prefix(PREFIX).and_then(|rest| rest.split(':').next()).unwrap_or_default();
    names.split(',').filter_map(|name| find(name.trim())).filter(|entry| entry.can_be_of_one())
}

/// Sets the faults that the `state` names, once, if the client is registered.
///
/// # Errors
/// Fails if the log cannot be written.
pub(super) async fn set(world: &World<Gosuslugi>, at: &Occasion) -> Result<(), StoreError> {
    let (Some(client), Some(text)) = (&at.client, &at.state) else { return Ok(()) };
    if named(text).next().is_none() {
        return Ok(());
    }
    let decide = |state: &Gosuslugi, now: DateTime<Utc>, _: &mut WorldRng| {
        let is_registered = state.clients.get(client).is_some();
        let is_new = |entry: &&Entry| {
            let same = |active: &Active| active.fault.id == entry.id && active.fault.state.as_ref() == Some(text);
            is_registered && !state.faults.iter().any(same)
        };
        let fault = |entry: &Entry| Fault {
            client: Some(client.clone()),
            state: Some(text.clone()),
            until: Some(now + FOR),
            ..Fault::new(entry.id, SetBy::State)
        };
        let numbered = (state.faults.next_number()..).zip(named(text).filter(is_new));
        let set = |(number, entry): (u64, &Entry)| FaultEvent::Set { number, fault: Box::new(fault(entry)) };
        let set: Vec<_> = numbered.map(set).collect();
        let own = || state.faults.iter().filter(|active| active.fault.set_by == SetBy::State);
        let over = (own().count() + set.len()).saturating_sub(MOST);
        let lifted = own().take(over).map(|active| FaultEvent::Lifted { number: active.number });
        Ok::<_, StoreError>((lifted.chain(set).map(Event::Fault).collect(), ()))
    };
    match world.act(decide).await {
        Ok(()) => Ok(()),
        Err(worlds::ActError::Refused(error) | worlds::ActError::Store(error)) => Err(error),
    }
}
