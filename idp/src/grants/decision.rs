//! Decisions of the authorization server: events, checks and outcome.

use chrono::{DateTime, Utc};
use web::{Checks, InWorld};
use worlds::{ActError, Check, WorldRng, store::StoreError};

use crate::{event::Event, state::Gosuslugi};

/// Decision: the events to record, the checks made, and the outcome. A refusal may record events, too.
pub(crate) struct Decision<T> {
    pub(crate) events: Vec<Event>,
    pub(crate) checks: Vec<Check>,
    pub(crate) outcome: T,
}

impl<T> Decision<T> {
    /// Creates a decision without checks.
    pub(crate) const fn of(events: Vec<Event>, outcome: T) -> Self {
        Self { events, checks: Vec::new(), outcome }
    }

    /// Maps the outcome; events and checks stay.
    pub(crate) fn map<U>(self, outcome: impl FnOnce(T) -> U) -> Decision<U> {
        Decision { events: self.events, checks: self.checks, outcome: outcome(self.outcome) }
    }
}

/// Runs `decide` on the state of a world, records the events in its log, then the checks in the verdict.
///
/// # Errors
/// [`ActError::Refused`] with the error of `decide`; [`ActError::Store`] if the log cannot be written.
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

/// Does the same as [`act`] for a `decide` that cannot fail.
///
/// # Errors
/// Fails if the log cannot be written.
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
