//! Command line of `esia-stand`: options, commands and their output.

mod address;
mod beside;
mod browsers;
mod choices;
mod chosen;
mod commands;
mod complaint;
mod completions;
mod conformance;
mod diagnosed;
mod diff;
mod docs;
mod doctor;
mod examples;
mod explain;
mod fault_page;
mod faults;
mod health;
mod help;
mod log;
mod man;
mod mistakes;
mod new;
mod numbers;
mod options;
mod people;
mod program;
mod reference;
mod reports;
mod run;
mod run_options;
mod russian;
mod select;
mod sides;
mod stand;
mod steps;
#[cfg(test)]
mod tests;
mod variables;
mod version;
mod watch;
mod worlds_of;

pub use address::Listen;
pub use choices::{Color, Protocol, Screens};
pub use conformance::Conformance;
pub use docs::Docs;
pub use explain::Explain;
pub use faults::Faults;
pub use log::{Format, Level};
pub use numbers::{Shard, Term};
pub use options::{
    Check, Completions, Diary, DiffOf, Doctor, File, HealthOf, Idp, Man, Mistakes, New, People, ProfileOf, Serve,
    StepsOf, WorldOf,
};
pub use program::main;
pub use run_options::Run;
pub use watch::Watch;
