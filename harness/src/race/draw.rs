//! Whose turn it is: as a given order says, and drawn from a number after its end.

use rand::seq::IndexedRandom as _;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng as _};

use super::Order;

/// The source of an order.
#[derive(Debug, Clone)]
pub struct Draw {
    given: Order,
    random: ChaCha8Rng,
    /// Requests that were sent so far.
    sent: usize,
}

/// A given order that does not fit: the side whose turn it would be has no request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// Index of the side, from 0.
    pub side: usize,
    /// Number of the request, from 1.
    pub request: usize,
}

impl Draw {
    /// From a world's number; the orders of one number are as many as there are streams.
    pub fn of(number: u64, stream: u64, given: Order) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(number);
        random.set_stream(stream);
        Self { given, random, sent: 0 }
    }

    /// What a given order still names when no side waits any more.
    pub(super) fn left(&self) -> Option<Misfit> {
        self.given.side(self.sent).map(|side| Misfit { side, request: self.sent + 1 })
    }

    /// The side whose request is next, one of those that wait with one.
    ///
    /// # Errors
    /// When the given order names another.
    pub(super) fn next(&mut self, waiting: &[usize]) -> Result<usize, Misfit> {
        // Drawn even where it is given, so that what comes after a given beginning is what came after it before.
        let drawn = waiting.choose(&mut self.random).copied().unwrap_or_default();
        let side = self.given.side(self.sent).unwrap_or(drawn);
        self.sent += 1;
        if waiting.contains(&side) { Ok(side) } else { Err(Misfit { side, request: self.sent }) }
    }
}
