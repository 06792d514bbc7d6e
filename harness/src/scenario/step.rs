//! Arguments, results and errors of a step.

use crate::{
    browser::BrowserError,
    control::{ControlError, Party},
};

/// Result of a step.
pub type Done = Result<(), StepError>;

/// Reason why no answer could be obtained.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct NoAnswer {
    /// Server that was asked; `None` if it is not known, as for a browser.
    pub party: Option<Party>,
    /// One sentence in the language of the run.
    pub reason: String,
    /// Whether only one browser is gone, so that other scenarios can be played.
    pub here_alone: bool,
}

impl NoAnswer {
    /// Creates the reason for a browser that no longer answers.
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
    /// The answer was not as expected; the text says how.
    #[error("{0}")]
    Unmet(String),
    /// No answer could be obtained: a server or a browser is gone.
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

/// Arguments of a step: values of its sentence, table and text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Args {
    /// Values of the placeholders in the step's pattern, in order.
    pub values: Vec<String>,
    /// Rows of the table below the step.
    pub table: Vec<Vec<String>>,
    /// Text between `"""` below the step.
    pub text: Option<String>,
}

impl Args {
    /// Returns the value of a placeholder; empty if there is none.
    pub fn get(&self, place: usize) -> &str {
        self.values.get(place).map_or("", String::as_str)
    }
}
