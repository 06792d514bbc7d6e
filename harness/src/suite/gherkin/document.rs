//! A feature file that was read, and the lines of it that are a description.

use std::collections::HashMap;

use gherkin::{Feature, LineCol};

/// A feature with the places of what its types have no places for.
#[derive(Debug)]
pub(in crate::suite) struct Document {
    /// Outlines are not expanded.
    pub(in crate::suite) feature: Feature,
    /// The lines of a table's rows, by the line of the first one.
    pub(in crate::suite) rows: HashMap<usize, Vec<usize>>,
    /// The line where a step's doc string begins, by the line of the step.
    pub(in crate::suite) fences: HashMap<usize, usize>,
    /// First and last line of each scenario, its tags included.
    pub(in crate::suite) extents: Vec<(usize, usize)>,
    /// Every tag with its place.
    pub(in crate::suite) tags: Vec<(LineCol, String)>,
}

/// Part of a feature in which a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Start,
    Feature,
    Rule,
    Background,
    Scenario,
    Examples,
}

/// A line that is taken for description.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) at: At,
    pub(super) place: LineCol,
    pub(super) text: String,
}
