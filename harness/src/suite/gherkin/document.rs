//! Feature file after reading, and the lines of it that are descriptions.

use std::collections::HashMap;

use gherkin::{Feature, LineCol};

/// Feature, with places for which the types of the crate `gherkin` have no fields.
#[derive(Debug)]
pub(in crate::suite) struct Document {
    /// The feature; its outlines are not expanded yet.
    pub(in crate::suite) feature: Feature,
    /// Lines of a table's rows, by the line of the first row.
    pub(in crate::suite) rows: HashMap<usize, Vec<usize>>,
    /// Line on which a step's doc string begins, by the line of the step.
    pub(in crate::suite) fences: HashMap<usize, usize>,
    /// First and last line of each scenario, including its tags.
    pub(in crate::suite) extents: Vec<(usize, usize)>,
    /// All tags with their places.
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

/// Line that is read as part of a description.
#[derive(Debug)]
pub(super) struct Described {
    pub(super) at: At,
    pub(super) place: LineCol,
    pub(super) text: String,
}
