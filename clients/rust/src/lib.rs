//! A mock of ЕСИА/Госуслуги and of a school diary in Rust tests: a world of its own for each test.
//!
//! ```no_run
//! use esia_stand_test::{Result, World};
//!
//! #[tokio::test]
//! async fn anna_sees_her_children() -> Result<()> {
//!     let world = World::new().await?;
//!     let client = world.person("анна").sign_in().await?;
//!     let page = client.get(format!("{}/lk/family", world.url())).send().await.unwrap();
//!     assert_eq!(page.status(), 200);
//!     Ok(())
//! }
//! # fn main() {}
//! ```
//!
//! A world is a copy of the world `main`, gone when the value is dropped. While a test panics, the world prints what a failed
//! test is asked for first: the refused requests, each with the check, what was expected and what came, and the timeline of both
//! servers.
//!
//! One stand serves a test binary ([`Stand::shared`]): the one that `ESIA_STAND_URL` names, else one that is started on free
//! ports by the first test and ends with the binary, however that ends.

mod clock;
mod contract;
mod control;
mod error;
mod faults;
mod outbox;
mod person;
mod process;
mod servers;
mod stand;
mod story;
#[cfg(test)]
mod tests;
mod timeline;
mod verdicts;
mod world;

pub use clock::Clock;
pub use control::{Control, Server};
pub use error::{Error, Refusal, Result};
pub use faults::{Fault, FaultSpec, Faults};
pub use outbox::{Message, Outbox};
pub use person::{About, Person, Session};
pub use stand::{Stand, StandBuilder};
pub use timeline::Line;
pub use verdicts::{Check, Filter, Outcome, REQUEST_HEADER, Verdict, Verdicts};
pub use world::World;
