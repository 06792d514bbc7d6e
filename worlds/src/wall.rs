//! The only place that reads the machine's clock.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, TimeDelta, Utc};
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

/// Steps of less than this are corrections that nobody need hear of.
const WORTH_TELLING: TimeDelta = TimeDelta::seconds(1);

/// A wall clock that never goes back: when the machine's is set back, time runs on from where it was, and the lead is given
/// back once the machine's is set forward again.
pub(crate) struct SteadyWall {
    wall: Arc<dyn WallClock>,
    seen: Mutex<Option<(Seen, Instant)>>,
}

/// What the machine's clock said, and what was shown for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen {
    wall: DateTime<Utc>,
    shown: DateTime<Utc>,
}

impl Seen {
    pub(crate) fn new(wall: DateTime<Utc>) -> Self {
        Self { wall, shown: wall }
    }

    pub(crate) fn shown(self) -> DateTime<Utc> {
        self.shown
    }

    /// What is shown when the machine's clock says `wall` and so much time has `passed`.
    pub(crate) fn next(self, wall: DateTime<Utc>, passed: Duration) -> Self {
        let (step, lead) = (wall - self.wall, self.shown - self.wall);
        if step < TimeDelta::zero() {
            if step < -WORTH_TELLING {
                let back_s = -step.num_seconds();
                tracing::warn!(
                    back_s,
                    "the machine's clock was set back: the time of worlds runs on from where it was"
                );
            }
            return Self { wall, shown: self.shown };
        }
        if lead <= TimeDelta::zero() {
            return Self::new(wall);
        }
        // More than has passed: it was set forward, that is right again.
        let ahead = step - TimeDelta::from_std(passed).unwrap_or(step);
        let back = if ahead > WORTH_TELLING { ahead.min(lead) } else { TimeDelta::zero() };
        Self { wall, shown: wall.checked_add_signed(lead - back).unwrap_or(wall).max(self.shown) }
    }
}

impl SteadyWall {
    pub(crate) fn new(wall: Arc<dyn WallClock>) -> Self {
        Self { wall, seen: Mutex::new(None) }
    }
}

impl WallClock for SteadyWall {
    fn now(&self) -> DateTime<Utc> {
        let mut seen = self.seen.lock();
        let (wall, at) = (self.wall.now(), Instant::now());
        let next = seen.map_or_else(|| Seen::new(wall), |(seen, before)| seen.next(wall, at - before));
        *seen = Some((next, at));
        next.shown()
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
