//! Gherkin, read line by line, so that nothing in a file is passed over and each mistake is told at its own line.
//!
//! The crate `gherkin` gives the types and reads tag expressions. Its parser is not used: it shortens rows to the first
//! one's width, takes steps for descriptions without a word, and tells no place of a row or a doc string.

mod at;
mod document;
mod expand;
mod lines;
mod lost;
mod read;
#[cfg(test)]
mod tests;

pub use at::{LineAt, StepLine};
pub(super) use at::{keywords, line_at};
pub(super) use document::Document;
pub(super) use expand::expand;
pub(super) use read::{read, read_composed};
