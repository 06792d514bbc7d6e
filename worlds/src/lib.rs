//! Isolated, replayable state.
//!
//! A [`World`] is its seed plus its events. A change is made in one way only: a pure function *decides* on events,
//! the store *records* them, the state *applies* them. So the log is the timeline that a person reads, the stream that
//! a test waits on, the export, and the proof. This crate knows nothing of HTTP, of Gosuslugi or of school diaries: what
//! a server keeps is a [`Domain`].

mod brake;
mod calendar;
mod check;
mod clock;
pub mod day;
mod domain;
mod expiring;
mod journal;
mod limits;
mod log_event;
pub mod mistakes;
pub mod moscow;
mod name;
mod random;
mod record;
mod registry;
mod seed;
pub mod store;
pub mod text;
mod times;
mod wall;
mod world;

pub use brake::Brake;
pub use calendar::{MAX_WORKING_DAYS, add_working_days, is_working_day};
pub use check::{Check, Detail, Outcome, Rule, verdict_line};
pub use clock::{Clock, ClockChange, ClockError, StartClock};
pub use day::{DayError, InstantError, read_day, read_instant, read_past_day};
pub use domain::{Decided, Domain, Due};
pub use expiring::{Expiring, Limit, Term};
pub use journal::{Entry, Journal, JournalBudget, KEPT_TEXT, Message};
pub use limits::{Limits, Summary};
pub use name::{NameError, WorldName};
pub use random::WorldRng;
pub use record::{Export, Genesis, Record};
pub use registry::{WorldError, Worlds};
pub use seed::{SeedDocument, SeedError};
pub use wall::{FakeWall, SystemWall, WallClock};
pub use world::{ActError, World};

#[cfg(test)]
mod tests;
