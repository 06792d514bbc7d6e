//! Calls of composed steps: which of a feature's steps stand within which.

use std::sync::Arc;

use super::SourceLocation;

/// A composed step as it is said in one place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Keyword of the step, without blanks.
    pub keyword: String,
    /// The sentence as it is said.
    pub text: String,
    /// Where it is said: in a feature, or in a file of composed steps.
    pub place: SourceLocation,
    /// Where the composed step is defined.
    pub definition: SourceLocation,
    /// Rows of the table under it.
    pub table: Vec<Vec<String>>,
    /// The text under it.
    pub docstring: Option<String>,
}

/// Where a step of a composed step stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested {
    /// Its own line, in a file of composed steps.
    pub place: SourceLocation,
    /// The calls around it, the outermost first.
    pub calls: Vec<Arc<Call>>,
}

/// The steps of a suite that stand within composed ones.
///
/// A feature holds the steps that are played, those of composed steps among them, at the line where the outermost one is
/// said. The crate's type of a step has no place for more; its span, which nothing else uses here, says which of these it is.
#[derive(Debug, Clone, Default)]
pub struct Nesting(Vec<Nested>);

impl Nesting {
    /// Keeps where a step stands.
    pub(super) fn keep(&mut self, step: &mut gherkin::Step, nested: Nested) {
        self.0.push(nested);
        step.span = gherkin::Span { start: self.0.len(), end: 0 };
    }

    /// Where a step stands; `None` for one that a feature says itself.
    pub fn of(&self, step: &gherkin::Step) -> Option<&Nested> {
        self.0.get(step.span.start.checked_sub(1)?)
    }
}
