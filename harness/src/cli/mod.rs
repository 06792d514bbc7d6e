//! The command line.

mod address;
mod chosen;
mod commands;
mod complaint;
mod diagnosed;
mod examples;
mod explain;
mod health;
mod help;
mod jobs;
mod log;
mod mistakes;
mod options;
mod people;
mod program;
mod run;
mod russian;
#[cfg(test)]
mod tests;
mod variables;

pub use address::Listen;
pub use explain::Explain;
pub use log::{Format, Level};
pub use options::{Check, Diary, File, HealthOf, Idp, Mistakes, People, ProfileOf, Protocol, Run, Screens, Serve};
pub use program::main;
