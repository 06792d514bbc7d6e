//! Using a fault: once for each answer that it changes.

use worlds::{ActError, World, WorldRng, store::StoreError};

use super::{event::FaultEvent, state::Active};
use crate::{event::Event, state::Gosuslugi};

/// Takes one of the answers that a fault still changes; says whether there was one, and chance was for it. Without a count and
/// without chance there is nothing to record.
///
/// # Errors
/// A log that cannot be written.
pub(crate) async fn take(world: &World<Gosuslugi>, active: &Active) -> Result<bool, StoreError> {
    if active.left.is_none() && active.fault.chance().is_none() {
        return Ok(true);
    }
    let number = active.number;
    let decide = |state: &Gosuslugi, _, rng: &mut WorldRng| {
        let Some(active) = state.faults.get(number) else { return Ok((Vec::new(), false)) };
        let hit = active.fault.chance().is_none_or(|chance| rng.number() % 1_000 < chance);
        let left = active.left.map(|left| left.saturating_sub(u32::from(hit)));
        Ok::<_, StoreError>((vec![Event::Fault(FaultEvent::Used { number, hit, left })], hit))
    };
    match world.act(decide).await {
        Ok(is_taken) => Ok(is_taken),
        Err(ActError::Refused(error) | ActError::Store(error)) => Err(error),
    }
}
