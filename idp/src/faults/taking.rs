//! Recording the uses of a fault.

use worlds::{ActError, World, WorldRng, store::StoreError};

use super::{event::FaultEvent, state::Active};
use crate::{event::Event, state::Gosuslugi};

/// Records one use of a fault, and returns whether the fault changes the response: it is still set, and its
/// probability, if it has one, decides for it. A fault without count and probability needs no record.
///
/// # Errors
/// Fails if the log cannot be written.
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
