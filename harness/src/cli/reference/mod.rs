//! Reference of the book, generated from the code: commands, settings, exit codes, steps, profiles, seed, mistakes,
//! faults and the control API, in the language of the run.

mod commands;
mod control_api;
mod described;
mod exit_codes;
mod markdown;
mod mistakes;
mod pages;
mod profiles;
mod schema;
mod seed;
mod settings;
mod steps;
#[cfg(test)]
mod tests;

#[cfg(test)]
use pages::ReferencePage;
pub(super) use pages::pages;
