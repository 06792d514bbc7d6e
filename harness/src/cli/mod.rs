//! The command line.

mod address;
mod commands;
mod complaint;
mod diagnosed;
mod explain;
mod health;
mod log;
mod mistakes;
mod options;
mod people;
mod program;
mod run;
#[cfg(test)]
mod tests;
mod variables;

pub use address::Listen;
pub use explain::Explain;
pub use log::{Format, Level};
pub use options::{Check, Diary, File, HealthOf, Idp, Mistakes, People, ProfileOf, Protocol, Run, Screens, Serve};
pub use program::main;
