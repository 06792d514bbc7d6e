//! A scenario that cannot be played here, because a side of the run lacks what one of its steps needs.

use std::fmt;

/// Reason for which a scenario is not possible here, in the language of the run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotPossible {
    /// What the side lacks: the same words for every scenario that needs it.
    pub lacks: String,
    /// The first step that needs it, as it is written.
    pub step: String,
}

impl fmt::Display for NotPossible {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.lacks, self.step)
    }
}
