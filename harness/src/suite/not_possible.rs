//! Scenarios that cannot be played, because a side of the run lacks what one of their steps needs.

use std::fmt;

/// Reason why a scenario cannot be played, in the language of the run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotPossible {
    /// What the side lacks: the same text for every scenario that needs it.
    pub lacks: String,
    /// First step that needs it, as in the file.
    pub step: String,
}

impl fmt::Display for NotPossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.lacks, self.step)
    }
}
