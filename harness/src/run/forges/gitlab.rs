//! `--code-quality`: failures in the format that GitLab shows next to the lines of a merge request.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::super::{
    plan::{Outcome, Scenario},
    results::Results,
};
use crate::words::visible;

/// One object for each scenario that failed or was flaky.
pub(in super::super) fn code_quality(results: &Results) -> Value {
    results.scenarios().filter_map(issue).collect()
}

fn issue(scenario: &Scenario) -> Option<Value> {
    let (severity, check, line, why) = match scenario.outcome() {
        Outcome::Flaky => {
            let why = scenario.earlier_reasons().last().unwrap_or_default();
            ("minor", "flaky", scenario.place.line, why.to_owned())
        }
        outcome => {
            let (step, why) = scenario.fault()?;
            let (severity, check) = match outcome {
                Outcome::Failed => ("major", "unmet"),
                Outcome::Panicked => ("blocker", "panic"),
                _ => ("critical", "could-not-ask"),
            };
            (severity, check, step.line, step.told_reason(why.lines().next().unwrap_or_default()))
        }
    };
    let title = visible(&scenario.title);
    Some(json!({
        "description": format!("{title}: {}", visible(why.lines().next().unwrap_or_default())),
        "check_name": check,
        "fingerprint": fingerprint(scenario),
        "severity": severity,
        "location": { "path": scenario.place.file, "lines": { "begin": line } },
    }))
}

/// Fingerprint of a scenario that stays the same as long as its file and title do.
fn fingerprint(scenario: &Scenario) -> String {
    let digest = Sha256::digest(format!("{}\n{}", scenario.place.file, scenario.title));
    hex::encode(digest)
}
