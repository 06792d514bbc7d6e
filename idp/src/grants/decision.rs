//! What a decision of the authorization server comes to.

use chrono::{DateTime, Utc};
use web::{Checks, InWorld};
use worlds::{ActError, Check, WorldRng, store::StoreError};

use crate::{event::Event, state::Gosuslugi};

/// A decision: the events that follow from it, the checks that it made, and how it ended. A refusal may leave events, too.
pub(crate) struct Decision<T> {
    pub(crate) events: Vec<Event>,
    pub(crate) checks: Vec<Check>,
    pub(crate) outcome: T,
}

impl<T> Decision<T> {
    /// A decision that has made no checks.
    pub(crate) const fn of(events: Vec<Event>, outcome: T) -> Self {
        Self { events, checks: Vec::new(), outcome }
    }

    /// The same decision with another outcome.
    pub(crate) fn map<U>(self, outcome: impl FnOnce(T) -> U) -> Decision<U> {
        Decision { events: self.events, checks: self.checks, outcome: outcome(self.outcome) }
    }
}

/// Decides in a world: its events are recorded, then its checks are noted.
///
/// # Errors
/// Whatever `decide` refuses with before it comes to a decision; a log that cannot be written.
pub(crate) async fn act<T: Send, E: Send>(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    mut decide: impl FnMut(&Gosuslugi, DateTime<Utc>, &mut WorldRng) -> Result<Decision<T>, E> + Send,
) -> Result<T, ActError<E>> {
    let decided = world.world.act(|state, now, rng| {
        let Decision { events, checks, outcome } = decide(state, now, rng)?;
        Ok((events, (checks, outcome)))
    });
    let (made, outcome) = decided.await?;
    checks.record_all(made);
    Ok(outcome)
}

/// The same for a decision that is always come to.
///
/// # Errors
/// A log that cannot be written.
pub(crate) async fn act_always<T: Send>(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    mut decide: impl FnMut(&Gosuslugi, DateTime<Utc>, &mut WorldRng) -> Decision<T> + Send,
) -> Result<T, StoreError> {
    let decide = |state: &_, now, rng: &mut _| Ok::<_, std::convert::Infallible>(decide(state, now, rng));
    match act(world, checks, decide).await {
        Ok(outcome) => Ok(outcome),
        Err(ActError::Store(error)) => Err(error),
        Err(ActError::Refused(never)) => match never {},
    }
}
