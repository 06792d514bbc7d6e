//! Time belongs to a world (Design, Time belongs to a world).

use chrono::{DateTime, Datelike, FixedOffset, TimeDelta, Utc};
use esia::language::tr;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::moscow::date_time_s;

/// How a world tells the time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", tag = "mode", deny_unknown_fields)]
pub enum Clock {
    /// As on the wall.
    Real,
    /// Runs as the wall does, this many milliseconds ahead (or behind, when negative).
    Offset {
        /// Milliseconds added to the wall's time.
        offset_ms: i64,
    },
    /// Stands still until it is moved.
    Frozen {
        /// Where it stands.
        at: DateTime<Utc>,
    },
}

/// What a person or a test asks of a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClockChange {
    /// Forward by so much, keeping its mode.
    Advance(TimeDelta),
    /// Forward to an instant, keeping its mode.
    MoveTo(DateTime<Utc>),
    /// Stop where it is.
    Freeze,
    /// Run on from where it is.
    Run,
}

/// Why a clock was not moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClockError {
    /// What has happened cannot unhappen: a world's time only goes forward.
    #[error(
        "{}",
        tr!(
            "Время мира идёт только вперёд: сейчас {}, а указано {} (по Москве)",
            "The world's time only goes forward: now it is {}, and asked for is {} (Moscow time)",
            date_time_s(*now),
            date_time_s(*asked)
        )
    )]
    Backwards {
        /// The world's time.
        now: DateTime<Utc>,
        /// The time asked for.
        asked: DateTime<Utc>,
    },
    /// Further than a hundred years from now, or past the year 9999.
    #[error(
        "{}",
        tr!(
            "Так далеко вперёд время мира не передвинуть: не больше {MAX_YEARS} лет за раз и не дальше 9999 года",
            "The world's time cannot be moved so far: at most {MAX_YEARS} years at once, and not beyond the year 9999"
        )
    )]
    TooFar,
}

/// The furthest that one change may move a clock, years.
const MAX_YEARS: i64 = 100;

impl Clock {
    /// Whether it stands until it is moved.
    pub const fn is_frozen(self) -> bool {
        matches!(self, Self::Frozen { .. })
    }

    /// The time by this clock when the wall shows `wall`.
    pub fn now(self, wall: DateTime<Utc>) -> DateTime<Utc> {
        match self {
            Self::Real => wall,
            Self::Offset { offset_ms } => {
                let shown = TimeDelta::try_milliseconds(offset_ms).and_then(|by| wall.checked_add_signed(by));
                // An offset that leads out of all calendars can only come from an import.
                shown.filter(|shown| shown.year().abs() < 20_000).unwrap_or(wall)
            }
            Self::Frozen { at } => at,
        }
    }

    /// The clock after a change.
    ///
    /// # Errors
    /// When it would go backwards, or too far.
    pub fn change(self, change: &ClockChange, now: DateTime<Utc>, wall: DateTime<Utc>) -> Result<Self, ClockError> {
        let to = match change {
            ClockChange::Advance(by) => now.checked_add_signed(*by).ok_or(ClockError::TooFar)?,
            ClockChange::MoveTo(to) => *to,
            ClockChange::Freeze => return Ok(Self::Frozen { at: now }),
            ClockChange::Run => return Ok(Self::running_from(now, wall)),
        };
        if to < now {
            return Err(ClockError::Backwards { now, asked: to });
        }
        if to - now > TimeDelta::days(366 * MAX_YEARS) || to.year() > 9999 {
            return Err(ClockError::TooFar);
        }
        Ok(match self {
            Self::Frozen { .. } => Self::Frozen { at: to },
            Self::Real | Self::Offset { .. } => Self::running_from(to, wall),
        })
    }

    /// Rounds up: whoever moves a clock to an instant finds it there, not a moment before.
    fn running_from(at: DateTime<Utc>, wall: DateTime<Utc>) -> Self {
        let ahead = at - wall;
        let whole = ahead.num_milliseconds();
        Self::Offset { offset_ms: whole + i64::from(ahead > TimeDelta::milliseconds(whole)) }
    }
}

/// Where a seed document lets its world's clock begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StartClock {
    /// The real time.
    #[default]
    Real,
    /// This instant, and running.
    RunningFrom(#[serde(deserialize_with = "crate::day::deserialize_instant")] DateTime<FixedOffset>),
    /// This instant, standing until moved.
    Frozen(#[serde(deserialize_with = "crate::day::deserialize_instant")] DateTime<FixedOffset>),
}

impl StartClock {
    /// The clock of a world that is made when the wall shows `wall`.
    pub fn start(self, wall: DateTime<Utc>) -> Clock {
        match self {
            Self::Real => Clock::Real,
            Self::RunningFrom(at) => Clock::running_from(at.to_utc(), wall),
            Self::Frozen(at) => Clock::Frozen { at: at.to_utc() },
        }
    }
}
