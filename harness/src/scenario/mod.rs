//! A scenario during a run: its state, the test bed that it shares with other scenarios, and its record.

mod at_stand;
mod dossier;
mod gather;
mod observe;
mod own_site;
mod pause;
mod program;
mod programs;
mod record;
mod recorded;
mod sides;
mod signing_in;
mod site;
mod state;
mod step;
mod tabs;
mod test_bed;
mod world;

pub(crate) use at_stand::in_words;
pub use dossier::{Dossier, KeptPage, KeptWorld};
pub use own_site::OwnSite;
pub use record::{Event, Evidence, JournaledRequest, PageSnapshot, Record, RefusedRequest, StepEnd, StepResult};
pub use state::{Named, ScenarioState};
pub use step::{Args, Done, NoAnswer, StepError};
pub(crate) use tabs::person_of;
pub use test_bed::{Gathered, Halt, Screen, TestBed};
