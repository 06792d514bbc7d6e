//! Record of a scenario: plain data from which all reports are made.

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};

use worlds::Entry;

use super::{Dossier, NoAnswer, StepError};
use crate::{
    control::{Check, Party},
    race::Raced,
    wire::KeptExchange,
};

/// Outcome of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepEnd {
    /// The answer was as expected.
    Passed,
    /// The answer was not as expected; the text says how.
    Unmet(String),
    /// No answer could be obtained: a server or a browser is gone.
    CouldNotAsk(NoAnswer),
    /// The step panicked, which is a fault of the harness; the text is that of the panic with an explanation.
    Panicked(String),
}

impl StepEnd {
    /// Returns the reason why the step did not pass, or `None` if it passed.
    pub fn reason(&self) -> Option<&str> {
        match self {
            Self::Passed => None,
            Self::Unmet(what) | Self::Panicked(what) => Some(what),
            Self::CouldNotAsk(why) => Some(&why.reason),
        }
    }
}

impl From<StepError> for StepEnd {
    fn from(error: StepError) -> Self {
        match error {
            StepError::Unmet(what) => Self::Unmet(what),
            StepError::CouldNotAsk(why) => Self::CouldNotAsk(why),
        }
    }
}

/// Result of a step that was played.
#[derive(Debug, Clone)]
pub struct StepResult {
    /// Outcome of the step.
    pub end: StepEnd,
    /// Duration of the step.
    pub took: Duration,
    /// Events of both servers during the step, in order.
    pub events: Vec<Event>,
    /// File with a picture of the page after the step.
    pub picture: Option<PathBuf>,
    /// Order of the requests of a race, and how to repeat it; `None` if the step was no race.
    pub raced: Option<String>,
}

/// Event of a world, for reports.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Server that recorded the event.
    pub party: Party,
    /// Time of the event by the world's clock.
    pub at: DateTime<Utc>,
    /// Description of the event, one sentence.
    pub text: String,
}

/// Evidence gathered when a step failed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// Page used last.
    pub page: Option<PageSnapshot>,
    /// Requests that failed a check, newest first.
    pub requests: Vec<RefusedRequest>,
    /// All requests to both servers, oldest first; empty unless a report needs them.
    pub journal: Vec<JournaledRequest>,
    /// Pages, worlds and browser consoles, if the run keeps a folder of evidence.
    pub dossier: Option<Box<Dossier>>,
}

/// Request from the journal of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledRequest {
    /// Server that answered the request.
    pub party: Party,
    /// Request, answer and verdict.
    pub entry: Entry,
}

/// Page as a person saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSnapshot {
    /// Person whose browser showed the page.
    pub who: String,
    /// Address of the page, or server and path if the world will be dropped.
    pub place: String,
    /// Title of the page.
    pub title: String,
    /// Visible text of the page, one line for each block.
    pub text: String,
}

/// Request that failed a check, or whose fault was tolerated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    /// Server that answered the request.
    pub party: Party,
    /// Id of the request in the journal.
    pub id: u64,
    /// Method, path and status, as `POST /aas/oauth2/te → 400`.
    pub what: String,
    /// The checks that failed or were tolerated.
    pub checks: Vec<Check>,
}

/// Record of a scenario that was started.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// Steps that were played to their end, in order; fewer than the scenario has if it failed or was stopped.
    pub steps: Vec<StepResult>,
    /// Start by the machine's clock.
    pub began_at: Option<DateTime<Utc>>,
    /// Duration, including the closing of browsers and the dropping of the world.
    pub took: Duration,
    /// Name of the scenario's world.
    pub world: Option<String>,
    /// Races that were played, in order.
    pub raced: Vec<Raced>,
    /// Exchanges over the wire, if the run records them.
    pub exchanges: Vec<KeptExchange>,
    /// Evidence gathered when a step failed.
    pub evidence: Evidence,
}
