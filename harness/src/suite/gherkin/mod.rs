//! Reads Gherkin line by line, so that no line of a file is skipped and each mistake is reported at its own line.
//!
//! The crate `gherkin` provides the types and reads tag expressions. Its parser is not used: it shortens rows to the
//! width of the first one, reads steps as descriptions without a warning, and gives no place of a row or a doc string.

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
