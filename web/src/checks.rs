//! The verdict of a request: which rules were looked at while it was answered, and what followed from each.
//!
//! | what is known | say |
//! |---|---|
//! | the rule holds or not, and the caller goes on by the answer | [`Checks::expect`] |
//! | without the rule the request is refused | [`Checks::require`] |
//! | a lenient world or client goes on without it | [`Checks::prefer`] |
//! | the request is refused, whatever else | [`Checks::refuse`] |
//! | a slip that is always passed over | [`Checks::tolerate`] |
//! | a check with mistakes, details or an outcome of its own | [`Checks::record`] |
//! | a pure decision has made checks | [`Checks::record_all`] |

use std::{convert::Infallible, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use esia::{ErrorCode, language::Told};
use parking_lot::Mutex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::{Check, Outcome, Rule};

/// Whether what a protocol forbids is refused (ESIA §9, row 4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Strictness {
    /// It is refused.
    Strict,
    /// It is let through, and the verdict says what would have been answered.
    Lenient,
}

/// Collects the checks of one request. Handlers that judge a request take it as an argument; what they say stands in the
/// journal in the order in which they said it.
#[derive(Debug, Clone, Default)]
pub struct Checks(Arc<Mutex<Recorded>>);

/// What handlers have recorded of a request.
#[derive(Debug, Default)]
pub(crate) struct Recorded {
    pub(crate) verdict: Vec<Check>,
    pub(crate) client: Option<String>,
    pub(crate) person: Option<String>,
}

impl Checks {
    /// Writes a check down, and says whether its rule holds.
    pub fn record(&self, check: Check) -> bool {
        let holds = check.holds();
        self.0.lock().verdict.push(check);
        holds
    }

    /// [`Checks::record`] of a check that passes or fails, where the caller decides what follows.
    pub fn expect<'r>(
        &self,
        rule: impl Into<Rule<'r>>,
        expected: impl Into<Told>,
        got: impl Into<Told>,
        holds: bool,
    ) -> bool {
        self.record(Check::of(rule, expected, got, holds))
    }

    /// Records a rule that must hold in every world. A failed check carries the code of the error.
    ///
    /// # Errors
    /// `error`, when the check has failed.
    pub fn require<E: ErrorCode>(&self, check: Check, error: E) -> Result<(), E> {
        self.write_down(check, Strictness::Strict, error)
    }

    /// Records a rule that should hold. Where things are lenient a failed check is tolerated, with the code that a strict
    /// world would have answered with.
    ///
    /// # Errors
    /// `error`, when the check has failed and things are strict.
    pub fn prefer<E: ErrorCode>(&self, check: Check, strictness: Strictness, error: E) -> Result<(), E> {
        self.write_down(check, strictness, error)
    }

    /// Records why the request is refused, with the code of the error, which is handed back.
    pub fn refuse<E: ErrorCode>(&self, check: Check, error: E) -> E {
        self.record(Check { outcome: Outcome::Failed, error: Some(error.error_code().to_owned()), ..check });
        error
    }

    fn write_down<E: ErrorCode>(&self, check: Check, strictness: Strictness, error: E) -> Result<(), E> {
        let (check, result) = weigh(check, strictness, error);
        self.record(check);
        result
    }

    /// Records slips that are passed over although no document has them; nothing when there are none.
    pub fn tolerate<'r>(
        &self,
        rule: impl Into<Rule<'r>>,
        expected: impl Into<Told>,
        got: impl Into<Told>,
        mistakes: impl IntoIterator<Item = String>,
    ) {
        let check = Check::tolerated(rule, expected, got).mistakes(mistakes);
        if !check.mistakes.is_empty() {
            self.record(check);
        }
    }

    /// Records the checks that a decision has made, in their order.
    pub fn record_all(&self, checks: impl IntoIterator<Item = Check>) {
        self.0.lock().verdict.extend(checks);
    }

    /// Records which client asks, by its `client_id`.
    pub fn of_client(&self, client: impl Into<String>) {
        self.0.lock().client = Some(client.into());
    }

    /// Records whom the request is about, by the full name.
    pub fn of_person(&self, person: impl Into<String>) {
        self.0.lock().person = Some(person.into());
    }

    /// The check that the request was refused for, if there is one yet.
    pub fn failed(&self) -> Option<Check> {
        self.0.lock().verdict.iter().find(|check| check.outcome == Outcome::Failed).cloned()
    }

    /// Names the mistake behind a rule that does not hold: in the check that says so already, or in a new one.
    pub(crate) fn explain_failure(&self, rule: Rule<'_>, expected: &str, got: &str, mistake: &str) {
        let mut recorded = self.0.lock();
        let all = &mut recorded.verdict;
        let said = all.iter_mut().find(|check| check.rule == rule.name && check.outcome == Outcome::Failed);
        match said {
            Some(check) if check.mistakes.is_empty() => check.mistakes.push(mistake.to_owned()),
            Some(_) => {}
            None => {
                all.push(Check::failed(rule, expected, got).mistakes([mistake]));
            }
        }
    }

    /// What has been recorded, leaving nothing.
    pub(crate) fn take(&self) -> Recorded {
        std::mem::take(&mut self.0.lock())
    }
}

/// A check as it stands in a verdict, and what follows from it: what [`Checks::prefer`] records and answers, for pure decisions.
///
/// # Errors
/// `error`, when the check has failed and things are strict.
pub fn weigh<E: ErrorCode>(mut check: Check, strictness: Strictness, error: E) -> (Check, Result<(), E>) {
    if check.holds() {
        check.mistakes.clear();
        return (check, Ok(()));
    }
    check.error = Some(error.error_code().to_owned());
    match strictness {
        Strictness::Lenient => (Check { outcome: Outcome::Tolerated, ..check }, Ok(())),
        Strictness::Strict => (check, Err(error)),
    }
}

impl<S: Sync> FromRequestParts<S> for Checks {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
