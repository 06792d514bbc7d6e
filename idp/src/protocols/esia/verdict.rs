//! What is found about a request, check by check, and what follows from it (Design, Two voices; Design, Strict by default).

use esia::EsiaError;
use web::Checks;
use worlds::{Check, Outcome};

/// A rule's name and source.
pub(super) type Rule = (&'static str, &'static str);

/// The rules that a lenient world or client lets break, as the documents list them. All others hold: without them nobody
/// would know whom to answer, or what was asked.
#[cfg(test)]
pub(super) const LENIENT: [&str; 14] = [
    "certificate-hash",
    "client-certificate-active",
    "client-secret-container",
    "client-secret-form",
    "client-signature",
    "organisation",
    "person-filter of who enters",
    "scope-allowed",
    "scope-form",
    "scope-known",
    "second-factor",
    "subject-type of who enters",
    "timestamp-form",
    "timestamp-window",
];

/// One check before it is known whether it lets the request through.
#[derive(Debug, Clone)]
pub(super) struct Found {
    check: Check,
    is_right: bool,
}

impl Found {
    pub(super) fn new(rule: Rule, expected: impl Into<String>, (got, is_right): (impl Into<String>, bool)) -> Self {
        let outcome = if is_right { Outcome::Passed } else { Outcome::Failed };
        Self { check: Check::new(rule, expected, got, outcome), is_right }
    }

    /// With something more that helps to mend it.
    pub(super) fn detail(mut self, name: &str, text: impl Into<String>) -> Self {
        self.check = self.check.detail(name, text);
        self
    }

    /// With the stable names of known mistakes that explain it.
    pub(super) fn mistakes<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.check = self.check.mistakes(names);
        self
    }

    /// Writes it down. A failed check ends the request with its error, unless it may be tolerated.
    pub(super) fn settle(mut self, checks: &Checks, can_tolerate: bool, error: EsiaError) -> Result<(), EsiaError> {
        if self.is_right {
            self.check.mistakes.clear();
            checks.record(self.check);
            return Ok(());
        }
        self.check.error = Some(error.code().to_owned());
        if can_tolerate {
            self.check.outcome = Outcome::Tolerated;
        }
        checks.record(self.check);
        if can_tolerate { Ok(()) } else { Err(error) }
    }
}
