//! The verdict of a request: what was looked at while it was answered.

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use parking_lot::Mutex;
use worlds::{Check, Outcome};

/// Collects the checks of one request. Handlers that judge a request take it as an argument; what they say stands in the
/// journal in the order in which they said it.
#[derive(Debug, Clone, Default)]
pub struct Checks(Arc<Mutex<Noted>>);

/// What handlers have said of a request.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) verdict: Vec<Check>,
    pub(crate) client: Option<String>,
    pub(crate) person: Option<String>,
}

impl Checks {
    /// Notes a check. `rule` is a stable name, `source` the section it comes from.
    pub fn note(
        &self,
        (rule, source): (&str, &str),
        expected: impl Into<String>,
        got: impl Into<String>,
        outcome: Outcome,
    ) {
        self.keep(Check::new((rule, source), expected, got, outcome));
    }

    /// Notes a check that has more to say.
    pub fn keep(&self, check: Check) {
        self.0.lock().verdict.push(check);
    }

    /// Notes whether something is as expected, and says so again.
    pub fn expect(&self, rule: (&str, &str), expected: impl Into<String>, got: impl Into<String>, right: bool) -> bool {
        self.note(rule, expected, got, if right { Outcome::Passed } else { Outcome::Failed });
        right
    }

    /// Notes which system asks, by its `client_id`.
    pub fn of_client(&self, client: impl Into<String>) {
        self.0.lock().client = Some(client.into());
    }

    /// Notes whom the request is about, by the full name.
    pub fn of_person(&self, person: impl Into<String>) {
        self.0.lock().person = Some(person.into());
    }

    /// The check that the request was refused for, if there is one yet.
    pub fn failed(&self) -> Option<Check> {
        self.0.lock().verdict.iter().find(|check| check.outcome == Outcome::Failed).cloned()
    }

    /// Names the mistake behind a rule that does not hold: in the check that says so already, or in a new one.
    pub(crate) fn blame(&self, rule: (&str, &str), (expected, got): (&str, &str), mistake: &str) {
        let mut noted = self.0.lock();
        let all = &mut noted.verdict;
        let said = all.iter_mut().find(|check| check.rule == rule.0 && check.outcome == Outcome::Failed);
        match said {
            Some(check) if check.mistakes.is_empty() => check.mistakes.push(mistake.to_owned()),
            Some(_) => {}
            None => {
                let check = Check::new(rule, expected, got, Outcome::Failed);
                all.push(Check { mistakes: vec![mistake.to_owned()], ..check });
            }
        }
    }

    /// What has been noted, leaving nothing.
    pub(crate) fn take(&self) -> Noted {
        std::mem::take(&mut self.0.lock())
    }
}

impl<S: Sync> FromRequestParts<S> for Checks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
