//! The rig of the end-to-end tests: the program `esia-stand` as a process, and what asks it over HTTP.
//!
//! It knows the program as its users do: by its command line, its standard output and its answers.
#![expect(clippy::panic, reason = "a rig that cannot be set up ends the test")]

mod program;
mod recorder;
mod server;

pub use answers_for_tests::{ReadAnswer, is_russian, russian_in};
pub use program::{Ended, Program, esia_stand, repository, signal};
pub use recorder::{Exchange, Recorder};
pub use server::{Server, client, read};

/// Unwraps what must not fail; otherwise says what it was about and ends the test.
pub(crate) fn must<T, E: std::fmt::Display>(what: &str, result: Result<T, E>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{what}: {error}"),
    }
}
