//! Gherkin, read line by line, so that nothing in a file is passed over and each mistake is told at its own line.
//!
//! The crate `gherkin` gives the types and reads tag expressions. Its parser is not used: it shortens rows to the first
//! one's width, takes steps for descriptions without a word, and tells no place of a row or a doc string.

mod expand;
mod lines;
mod lost;
mod read;
#[cfg(test)]
mod tests;

use std::collections::HashMap;

use gherkin::{Feature, LineCol};

pub(super) use expand::expand;
pub(super) use read::read;

/// A feature with the places of what its types have no places for.
#[derive(Debug)]
pub(super) struct Document {
    /// Outlines are not expanded.
    pub(super) feature: Feature,
    /// The lines of a table's rows, by the line of the first one.
    pub(super) rows: HashMap<usize, Vec<usize>>,
    /// The line where a step's doc string begins, by the line of the step.
    pub(super) fences: HashMap<usize, usize>,
    /// First and last line of each scenario, its tags included.
    pub(super) extents: Vec<(usize, usize)>,
    /// Every tag with its place.
    pub(super) tags: Vec<(LineCol, String)>,
}
