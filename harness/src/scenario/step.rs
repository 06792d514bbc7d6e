//! Arguments and results of a step.

use crate::{
    browser::BrowserError,
    control::{ControlError, Party},
};

/// Result of a step.
pub type Done = Result<(), StepError>;

/// Reason for which nothing could be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NoAnswer {
    /// The server that was asked, where it is known: a browser knows an address only.
    pub party: Option<Party>,
    /// One sentence in Russian.
    pub reason: String,
    /// Whether no more is gone than one browser, so that other scenarios can be played.
    pub here_alone: bool,
}

impl NoAnswer {
    /// One browser does not answer any more.
    pub fn of_browser(reason: String) -> Self {
        Self { party: None, reason, here_alone: true }
    }
}

impl From<String> for NoAnswer {
    fn from(reason: String) -> Self {
        Self { party: None, reason, here_alone: false }
    }
}

impl From<&str> for NoAnswer {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

impl From<ControlError> for NoAnswer {
    fn from(error: ControlError) -> Self {
        Self { party: Some(error.party()), reason: error.to_string(), here_alone: false }
    }
}

/// Error of a step: a wrong answer, or none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StepError {
    /// The answer is not the one expected.
    #[error("{0}")]
    Unmet(String),
    /// Nothing could be asked: a server or a browser is gone.
    #[error("{0}")]
    CouldNotAsk(NoAnswer),
}

impl From<BrowserError> for StepError {
    fn from(error: BrowserError) -> Self {
        match error {
            BrowserError::NotThere(what) => Self::Unmet(what),
            BrowserError::Unreachable(why) => Self::CouldNotAsk(why.into()),
            BrowserError::Lost(why) => Self::CouldNotAsk(NoAnswer::of_browser(why)),
        }
    }
}

impl From<ControlError> for StepError {
    fn from(error: ControlError) -> Self {
        match error {
            ControlError::Refused { .. } => Self::Unmet(error.to_string()),
            _ => Self::CouldNotAsk(error.into()),
        }
    }
}

/// Arguments of a step: values from its sentence, rows of its table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args {
    /// The values of the pattern's places, in order.
    pub values: Vec<String>,
    /// The rows of the table under the step.
    pub table: Vec<Vec<String>>,
    /// The text in `"""` under the step.
    pub text: Option<String>,
}

impl Args {
    /// The value of a place; empty when there is none.
    pub fn get(&self, place: usize) -> &str {
        self.values.get(place).map_or("", String::as_str)
    }
}
