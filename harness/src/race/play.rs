//! Plays a race: one side runs until its next request, then another.

use std::{future::poll_fn, pin::Pin, task::Poll};

use futures::future::LocalBoxFuture;

use super::{Draw, Misfit, Order, Turn};

/// Side of a race.
pub struct Racer<'r, E> {
    /// Turn that the side awaits before each request.
    pub turn: Turn,
    /// Future that plays the side's steps.
    pub run: LocalBoxFuture<'r, Result<(), E>>,
}

/// Failure that ends a race early.
#[derive(Debug, PartialEq, Eq)]
pub enum End<E> {
    /// The side with this index, from 0, has failed; the others were stopped.
    Failed(usize, E),
    /// The given order does not fit the requests.
    Misfit(Misfit),
}

/// Plays all sides, each from request to request as the source decides. Only one side runs at any time, so that the
/// same source gives the same race. The first side that fails ends the race.
///
/// # Errors
/// Returns an [`End`]; the order contains the requests up to that point.
pub async fn race<E>(racers: Vec<Racer<'_, E>>, draw: &mut Draw) -> (Order, Result<(), End<E>>) {
    let mut order = Order::default();
    let mut racers: Vec<_> = racers.into_iter().map(Some).collect();
    for side in 0..racers.len() {
        if let Err(end) = go_on(&mut racers, side).await {
            return (order, Err(end));
        }
    }
    loop {
        let waiting: Vec<_> = (0..racers.len()).filter(|side| racers[*side].is_some()).collect();
        if waiting.is_empty() {
            let left = draw.left();
            return (order, left.map_or(Ok(()), |misfit| Err(End::Misfit(misfit))));
        }
        let side = match draw.next(&waiting) {
            Ok(side) => side,
            Err(misfit) => return (order, Err(End::Misfit(misfit))),
        };
        order.push(side);
        if let Some(racer) = &racers[side] {
            racer.turn.give();
        }
        if let Err(end) = go_on(&mut racers, side).await {
            return (order, Err(end));
        }
    }
}

/// Lets one side run until it waits for its turn or ends.
async fn go_on<E>(racers: &mut [Option<Racer<'_, E>>], side: usize) -> Result<(), End<E>> {
    let Some(racer) = &mut racers[side] else { return Ok(()) };
    let ended = poll_fn(|context| match Pin::new(&mut racer.run).poll(context) {
        Poll::Ready(ended) => Poll::Ready(Some(ended)),
        Poll::Pending if racer.turn.is_awaited() => Poll::Ready(None),
        Poll::Pending => Poll::Pending,
    });
    let Some(ended) = ended.await else { return Ok(()) };
    racers[side] = None;
    ended.map_err(|error| End::Failed(side, error))
}
