//! What the servers think of requests.

use std::{fmt, sync::Arc};

use chrono::{DateTime, Utc};
use reqwest::Response;
use serde::{Deserialize, Serialize};

use crate::{
    Control, Error, Result, Server,
    contract::{LIST_REQUESTS, READ_REQUEST},
    servers::Servers,
};

/// The header by which an answer names its request.
pub const REQUEST_HEADER: &str = "X-Esia-Stand-Request";

/// Requests of one answer.
const MOST: usize = 500;

/// What the servers think of the requests that they got in a world.
#[derive(Debug, Clone)]
pub struct Verdicts(pub(crate) Arc<Servers>);

/// What came of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// The request is right in this.
    Passed,
    /// The request was refused by it.
    Failed,
    /// A strict provider would have refused the request by it.
    Tolerated,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::Tolerated => "tolerated",
        })
    }
}

/// One check of a request.
#[derive(Debug, Clone, Deserialize)]
pub struct Check {
    /// The stable name of the rule, as `client-signature`.
    pub rule: String,
    /// Where the rule stands.
    pub source: String,
    /// What came of it.
    pub outcome: Outcome,
    /// What the rule wants.
    pub expected: Option<String>,
    /// What the request had.
    pub got: Option<String>,
    /// The code that ЕСИА answers with.
    pub error: Option<String>,
    /// What explains it: `esia-stand mistakes NAME` tells how to mend it.
    #[serde(default)]
    pub mistakes: Vec<String>,
}

/// A request with its checks.
#[derive(Debug, Clone, Deserialize)]
pub struct Verdict {
    /// The server that got it.
    #[serde(skip)]
    pub server: Server,
    /// The page that shows it in full.
    #[serde(skip)]
    pub page: String,
    /// What [`REQUEST_HEADER`] carries.
    pub id: u64,
    /// Instant of the world's clock.
    pub at: DateTime<Utc>,
    /// The HTTP method.
    pub method: String,
    /// Path and query inside the world.
    pub target: String,
    /// HTTP status code of the answer, where there was one.
    pub status: Option<u16>,
    /// The `client_id`, where the request named one.
    pub client: Option<String>,
    /// The checks in the order in which they were made.
    #[serde(rename = "verdict", default)]
    pub checks: Vec<Check>,
}

/// Which verdicts are wanted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Filter {
    /// The `client_id` of the requests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub client: Option<String>,
    /// `failed`, `tolerated`, `ok`, `none`, or the name of a rule or of a mistake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
}

impl Filter {
    /// Those with one verdict.
    pub fn verdict(verdict: &str) -> Self {
        Self { verdict: Some(verdict.to_owned()), ..Self::default() }
    }
}

impl Verdict {
    fn at(self, control: &Control) -> Self {
        let page = format!("{}/control/console/requests/{}", control.url(), self.id);
        Self { server: control.server(), page, ..self }
    }

    /// The checks with one outcome.
    pub fn with(&self, outcome: Outcome) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(move |check| check.outcome == outcome)
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { method, target, page, .. } = self;
        write!(f, "{method} {target} → {} ({page})", self.status.unwrap_or_default())?;
        for check in self.with(Outcome::Failed).chain(self.with(Outcome::Tolerated)) {
            let error = check.error.as_ref().map(|error| format!(" {error}")).unwrap_or_default();
            write!(f, "\n  {} {}{error} ({})", check.outcome, check.rule, check.source)?;
            write!(f, "\n    expected: {}", check.expected.as_deref().unwrap_or("—"))?;
            write!(f, "\n    got:      {}", check.got.as_deref().unwrap_or("—"))?;
            check.mistakes.iter().try_for_each(|mistake| write!(f, "\n    mistake:  {mistake}"))?;
        }
        Ok(())
    }
}

impl Verdicts {
    /// Those that are wanted, oldest first.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn all(&self, filter: &Filter) -> Result<Vec<Verdict>> {
        found(&self.0, filter).await
    }

    /// The requests that were refused.
    ///
    /// # Errors
    /// As the control API refuses.
    pub async fn failed(&self) -> Result<Vec<Verdict>> {
        self.all(&Filter::verdict("failed")).await
    }

    /// The verdict of an answer, by its number.
    ///
    /// # Errors
    /// [`Error::Elsewhere`] for an answer that is not of this world.
    pub async fn of(&self, answer: &Response) -> Result<Verdict> {
        let url = answer.url().as_str();
        let number = answer.headers().get(REQUEST_HEADER).and_then(|number| number.to_str().ok());
        let control = self.0.all.iter().find(|control| url.starts_with(&format!("{}/", control.url())));
        let (Some(number), Some(control)) = (number, control) else {
            return Err(Error::Elsewhere(url.to_owned(), self.0.world.clone()));
        };
        let verdict: Verdict = control.send(control.to_one(&READ_REQUEST, number)).await?;
        Ok(verdict.at(control))
    }
}

/// The verdicts of both servers that are wanted, oldest first.
pub(crate) async fn found(servers: &Servers, filter: &Filter) -> Result<Vec<Verdict>> {
    let mut all = Vec::new();
    for control in &servers.all {
        let request = control.to(&LIST_REQUESTS).query(filter).query(&[("limit", MOST)]);
        let verdicts: Vec<Verdict> = control.send(request).await?;
        all.extend(verdicts.into_iter().map(|verdict| verdict.at(control)));
    }
    all.sort_by_key(|verdict| verdict.at);
    Ok(all)
}
