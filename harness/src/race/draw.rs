//! Decides whose turn it is: by the given order, and after its end at random from a seed.

use rand::seq::IndexedRandom as _;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng as _};

use super::Order;

/// Source of the order of a race.
#[derive(Debug, Clone)]
pub struct Draw {
    given: Order,
    random: ChaCha8Rng,
    /// Number of requests sent so far.
    sent: usize,
}

/// Error of a given order: the next side in it has no request to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misfit {
    /// Index of the side, from 0.
    pub side: usize,
    /// Number of the request, from 1.
    pub request: usize,
}

impl Draw {
    /// Creates the source from a world's seed number. Each stream of the same number gives another order.
    pub fn of(number: u64, stream: u64, given: Order) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(number);
        random.set_stream(stream);
        Self { given, random, sent: 0 }
    }

    /// What a given order still names when no side waits any more.
    pub(super) fn left(&self) -> Option<Misfit> {
        self.given.side(self.sent).map(|side| Misfit { side, request: self.sent + 1 })
    }

    /// Returns the side, of those waiting, whose request is next.
    ///
    /// # Errors
    /// Fails if the given order names a side that is not waiting.
    pub(super) fn next(&mut self, waiting: &[usize]) -> Result<usize, Misfit> {
        // A number is drawn even if the order is given, so that the requests after a given beginning come in the same
        // order as before.
        let drawn = waiting.choose(&mut self.random).copied().unwrap_or_default();
        let side = self.given.side(self.sent).unwrap_or(drawn);
        self.sent += 1;
        if waiting.contains(&side) { Ok(side) } else { Err(Misfit { side, request: self.sent }) }
    }
}
