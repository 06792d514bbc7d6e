//! Record of a scenario: plain data, of which every report is made.

use std::{path::PathBuf, time::Duration};

use chrono::{DateTime, Utc};

use worlds::Entry;

use super::{Dossier, NoAnswer, StepError};
use crate::{
    control::{Check, Party},
    race::Raced,
    wire::KeptExchange,
};

/// End of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StepEnd {
    /// The answer is as expected.
    Passed,
    /// The answer is not the one expected.
    Unmet(String),
    /// Nothing could be asked: a server or a browser is gone.
    CouldNotAsk(NoAnswer),
    /// The harness itself is at fault: the step panicked. What it said, with a word of explanation.
    Panicked(String),
}

impl StepEnd {
    /// Reason for not passing; `None` when it passed.
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

/// A step that was played.
#[derive(Debug, Clone)]
pub struct StepResult {
    /// End of the step or scenario.
    pub end: StepEnd,
    /// Duration of the step.
    pub took: Duration,
    /// Events of both servers meanwhile, in order.
    pub events: Vec<Event>,
    /// The picture of the page afterwards.
    pub picture: Option<PathBuf>,
    /// In which order several have acted at once, and how that is played again; `None` where nobody has.
    pub raced: Option<String>,
}

/// An event of a world.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The server in whose world it happened.
    pub party: Party,
    /// Instant of the world's clock.
    pub at: DateTime<Utc>,
    /// One Russian sentence.
    pub text: String,
}

/// Evidence that was gathered when a step failed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Evidence {
    /// The page that was looked at last.
    pub page: Option<PageSnapshot>,
    /// Requests that a check failed, newest first.
    pub requests: Vec<RefusedRequest>,
    /// Every request to either server, oldest first; where a report wants them.
    pub journal: Vec<JournaledRequest>,
    /// Pages, worlds and consoles, where somebody keeps a folder of evidence.
    pub dossier: Option<Box<Dossier>>,
}

/// A request as the journal of a server has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledRequest {
    /// The server that was asked.
    pub party: Party,
    /// The request, its answer and its verdict.
    pub entry: Entry,
}

/// A page as a person saw it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageSnapshot {
    /// Person who looked at it.
    pub who: String,
    /// Address that can be opened, or server and path when the world is gone by now.
    pub place: String,
    /// The title of the window.
    pub title: String,
    /// Visible text of the page, one line for each block.
    pub text: String,
}

/// A request that did not pass all checks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefusedRequest {
    /// The server that was asked.
    pub party: Party,
    /// Its id in the journal.
    pub id: u64,
    /// Method, path and status, as `POST /aas/oauth2/te → 400`.
    pub what: String,
    /// The checks that failed or were tolerated.
    pub checks: Vec<Check>,
}

/// A scenario that was begun.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The steps that were played to their end, in order; fewer than the scenario has when it failed or was stopped.
    pub steps: Vec<StepResult>,
    /// Instant at which it began, by the machine's clock.
    pub began_at: Option<DateTime<Utc>>,
    /// Duration, with the end of its browsers and world.
    pub took: Duration,
    /// The name of its world.
    pub world: Option<String>,
    /// Races that were played, in order.
    pub raced: Vec<Raced>,
    /// What went over the wire, where it is kept.
    pub exchanges: Vec<KeptExchange>,
    /// Evidence that was gathered when a step failed.
    pub evidence: Evidence,
}
