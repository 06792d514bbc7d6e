//! Location of a scenario in the files of a suite.

use std::fmt;

use serde::Serialize;

/// File and line of a scenario; each row of an outline's examples is a scenario of its own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct SourceLocation {
    /// Name of the feature file, as in messages.
    pub file: String,
    /// Line of the scenario, from 1.
    pub line: usize,
}

impl SourceLocation {
    /// Location of a scenario after the expansion of outlines.
    pub fn of(feature: &::gherkin::Feature, scenario: &::gherkin::Scenario) -> Self {
        let file = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        Self { file, line: scenario.position.line }
    }
}

impl fmt::Display for SourceLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file, self.line)
    }
}
