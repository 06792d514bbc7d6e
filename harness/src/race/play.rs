//! Sides that take turns: one goes on until its next request, then another.

use std::{future::poll_fn, pin::Pin, task::Poll};

use futures::future::LocalBoxFuture;

use super::{Draw, Misfit, Order, Turn};

/// A side of a race.
pub struct Racer<'r, E> {
    /// What it waits for before each request.
    pub turn: Turn,
    /// Everything that it does.
    pub run: LocalBoxFuture<'r, Result<(), E>>,
}

/// The end of a race that was not played to it.
#[derive(Debug, PartialEq, Eq)]
pub enum End<E> {
    /// The side of this index, from 0, has failed; the others were stopped.
    Failed(usize, E),
    /// The given order does not fit.
    Misfit(Misfit),
}

/// Plays all sides, each from request to request as the draw says. Only one is ever under way, so the same draws give the same
/// race. The first side that fails ends it.
///
/// # Errors
/// As [`End`] says; the order says how far it came.
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

/// Lets one side go on until it waits for its turn, or has ended and leaves the race.
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
