//! The only place that reads the machine's clock.

use chrono::{DateTime, Utc};
use parking_lot::Mutex;

/// Where real time comes from; worlds derive theirs from it.
pub trait WallClock: Send + Sync + 'static {
    /// The instant now.
    fn now(&self) -> DateTime<Utc>;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemWall;

impl WallClock for SystemWall {
    #[expect(clippy::disallowed_methods, reason = "the one place that may")]
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// A clock that a test moves.
#[derive(Debug)]
pub struct FakeWall(Mutex<DateTime<Utc>>);

impl FakeWall {
    /// Starts at an instant and stays there.
    pub fn at(now: DateTime<Utc>) -> Self {
        Self(Mutex::new(now))
    }

    /// Moves to another instant.
    pub fn set(&self, now: DateTime<Utc>) {
        *self.0.lock() = now;
    }
}

impl WallClock for FakeWall {
    fn now(&self) -> DateTime<Utc> {
        *self.0.lock()
    }
}
