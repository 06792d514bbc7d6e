//! A whole report, and its counts.

use serde::Serialize;

use super::{judge::Verdict, judged::Judged};

/// Numbers of verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Counts {
    /// The client did right.
    pub passed: usize,
    /// The client did wrong.
    pub failed: usize,
    /// The client cannot meet the fault.
    pub not_applicable: usize,
    /// Nothing can be said.
    pub not_judged: usize,
}

/// Everything that is told of a client.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Report {
    /// The client's name.
    pub client: String,
    /// Version of this program.
    pub version: &'static str,
    /// Numbers of verdicts.
    pub counts: Counts,
    /// Every fault that was chosen.
    pub faults: Vec<Judged>,
}

impl Report {
    /// A report of what was judged.
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

    /// The faults that the client failed.
    pub fn failed(&self) -> impl Iterator<Item = &'static str> {
        self.faults.iter().filter(|one| matches!(one.verdict, Verdict::Failed(_))).map(|one| one.fault)
    }
}
