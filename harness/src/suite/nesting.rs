//! Calls of composed steps: which steps of a feature stand within which call.

use std::sync::Arc;

use super::SourceLocation;

/// Call of a composed step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Keyword of the step, without blanks around it.
    pub keyword: String,
    /// Sentence of the call.
    pub text: String,
    /// Place of the call: in a feature, or in a file of composed steps.
    pub place: SourceLocation,
    /// Place where the composed step is defined.
    pub definition: SourceLocation,
    /// Rows of the table under the call.
    pub table: Vec<Vec<String>>,
    /// Text (doc string) under the call.
    pub docstring: Option<String>,
}

/// Place of a step that stands within a composed step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nested {
    /// Line of the step in a file of composed steps.
    pub place: SourceLocation,
    /// Calls around the step, the outermost first.
    pub calls: Vec<Arc<Call>>,
}

/// Steps of a suite that stand within composed steps.
///
/// A feature holds the steps that are played, including those of composed steps, each at the line of the outermost
/// call. The type `gherkin::Step` has no field for more; its span, which nothing else here uses, holds the number of
/// the entry in this list, from 1.
#[derive(Debug, Clone, Default)]
pub struct Nesting(Vec<Nested>);

impl Nesting {
    /// Records the place of a step.
    pub(super) fn keep(&mut self, step: &mut gherkin::Step, nested: Nested) {
        self.0.push(nested);
        step.span = gherkin::Span { start: self.0.len(), end: 0 };
    }

    /// Returns the place of a step within composed steps; `None` for a step that the feature itself contains.
    pub fn of(&self, step: &gherkin::Step) -> Option<&Nested> {
        self.0.get(step.span.start.checked_sub(1)?)
    }
}
