//! Report on a client, and its counts.

use serde::Serialize;

use super::{judge::Verdict, judged::Judged};

/// Number of faults by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// Faults at which the client behaved correctly.
    pub passed: usize,
    /// Faults at which the client behaved wrongly.
    pub failed: usize,
    /// Faults that cannot occur with this client.
    pub not_applicable: usize,
    /// Faults without a verdict.
    pub not_judged: usize,
}

/// Report on a client.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// Name of the client.
    pub client: String,
    /// Version of this program.
    pub version: &'static str,
    /// Number of faults by verdict.
    pub counts: Counts,
    /// Every chosen fault with its verdict.
    pub faults: Vec<Judged>,
}

impl Report {
    /// Creates a report and counts the verdicts.
    pub fn new(client: String, faults: Vec<Judged>) -> Self {
        let mut counts = Counts::default();
        for one in &faults {
            *match one.verdict {
                Verdict::Passed => &mut counts.passed,
                Verdict::Failed(_) => &mut counts.failed,
                Verdict::NotApplicable(_) => &mut counts.not_applicable,
                Verdict::NotJudged(_) => &mut counts.not_judged,
            } += 1;
        }
        Self { client, version: env!("CARGO_PKG_VERSION"), counts, faults }
    }

    /// Returns the names of the faults that the client failed.
    pub fn failed(&self) -> impl Iterator<Item = &'static str> {
        self.faults.iter().filter(|one| matches!(one.verdict, Verdict::Failed(_))).map(|one| one.fault)
    }
}
