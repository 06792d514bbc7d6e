//! Isolated, replayable state: worlds, clocks, events, stores, and the journal of requests.
//!
//! A [`World`] is its seed plus its events. A change is made in one way only: a pure function *decides* on events, the store
//! *records* them, the state *applies* them. So the log is the timeline that a person reads, the stream that a test waits on,
//! the export, and the proof. This crate knows nothing of HTTP, and nothing of what a server keeps: that is its [`Domain`].
//!
//! # Example
//!
//! A domain of one number, a world of it, and a fork that goes its own way:
//!
//! ```
//! use std::sync::Arc;
//!
//! use chrono::{DateTime, Utc};
//! use serde::{Deserialize, Serialize};
//! use worlds::{
//!     Domain, Due, FakeWall, Limits, SeedDocument, SeedError, Worlds, store::{MemoryStore, StoreError},
//! };
//!
//! #[derive(Clone, Serialize, Deserialize)]
//! struct Purse(u32);
//!
//! #[derive(Clone, Serialize, Deserialize)]
//! #[serde(tag = "type", rename_all = "kebab-case")]
//! enum PurseEvent {
//!     Paid { amount: u32 },
//! }
//!
//! impl Domain for Purse {
//!     const STATE_VERSION: u32 = 1;
//!
//!     type Event = PurseEvent;
//!
//!     fn genesis(_: &SeedDocument, _: DateTime<Utc>) -> Result<Self, SeedError> {
//!         Ok(Self(100))
//!     }
//!
//!     fn apply(&mut self, _: DateTime<Utc>, PurseEvent::Paid { amount }: &PurseEvent) {
//!         self.0 -= amount;
//!     }
//!
//!     fn tell(&self, PurseEvent::Paid { amount }: &PurseEvent) -> String {
//!         format!("Заплачено {amount}")
//!     }
//!
//!     // Nothing here is a credential, and nothing falls due by itself.
//!     fn has_credentials(&self) -> bool {
//!         false
//!     }
//!     fn forget_credentials(&mut self) {}
//!     fn next_due(&self) -> Option<DateTime<Utc>> {
//!         None
//!     }
//!     fn due(&self, _: DateTime<Utc>) -> Option<Due<PurseEvent>> {
//!         None
//!     }
//! }
//!
//! /// Decides; changes nothing.
//! fn pay(purse: &Purse, amount: u32) -> Result<(Vec<PurseEvent>, u32), &'static str> {
//!     let left = purse.0.checked_sub(amount).ok_or("not enough")?;
//!     Ok((vec![PurseEvent::Paid { amount }], left))
//! }
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let wall = Arc::new(FakeWall::at("2024-09-02T06:00:00Z".parse()?));
//! let worlds = Worlds::<Purse>::new("example", Arc::new(MemoryStore::default()), wall, Limits::default());
//! let world = worlds.create("main".parse()?, SeedDocument::default()).await?;
//!
//! assert_eq!(world.act(|purse, _, _| pay(purse, 30)).await?, 70);
//! assert!(world.act(|purse, _, _| pay(purse, 80)).await.is_err());
//!
//! let fork = worlds.fork(world.name(), "fork".parse()?).await?;
//! fork.act(|purse, _, _| pay(purse, 50)).await?;
//! assert_eq!(world.read(|purse, _| purse.0).await?, 70);
//! assert_eq!(fork.read(|purse, _| purse.0).await?, 20);
//!
//! let told: Vec<_> = world.timeline(0, 10).await?.iter().map(|record| world.tell(record)).collect();
//! assert_eq!(told, ["Заплачено 30"]);
//! # Ok(())
//! # }
//! ```

mod brake;
mod calendar;
mod check;
mod checkpoint;
mod checkpointing;
mod clock;
pub mod day;
mod domain;
mod expiring;
mod growth;
mod journal;
mod json;
mod limits;
mod log_event;
mod meters;
pub mod mistakes;
pub mod moscow;
mod name;
pub mod pairs;
mod plural;
mod random;
mod record;
mod recorded;
mod registry;
mod seed;
mod shared;
mod sharing;
pub mod store;
pub mod text;
mod times;
mod wall;
mod world;

pub use brake::Brake;
pub use calendar::{MAX_WORKING_DAYS, add_working_days, is_working_day};
pub use check::{Check, Detail, InEnglish, Outcome, Rule, detail_name, verdict_line};
pub use checkpoint::Checkpoint;
pub use clock::{Clock, ClockChange, ClockError, StartClock};
pub use day::{DayError, InstantError, read_day, read_instant, read_past_day};
pub use domain::{Decided, Domain, Due};
pub use expiring::{Expiring, Limit, Term};
pub use journal::{Entry, Journal, JournalBudget, KEPT_TEXT, Message};
pub use json::{JsonError, from_json};
pub use limits::{Limits, Quota, QuotaError, Summary};
pub use meters::Meters;
pub use name::{NameError, WorldName};
pub use plural::plural;
pub use random::WorldRng;
pub use record::{Export, Genesis, Record};
pub use recorded::{Recorded, answering};
pub use registry::{WorldError, Worlds, drop_idle_worlds};
pub use seed::{SeedDocument, SeedError};
pub use shared::Shared;
pub use wall::{FakeWall, SystemWall, WallClock};
pub use world::{ActError, World};

#[cfg(test)]
mod tests;
