//! Results of the checks of `esia-stand doctor`.

use std::fmt::Write as _;

use serde::Serialize;

/// Severity of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum State {
    /// Everything that was checked works.
    Good,
    /// Something does not work that only some users need.
    Doubt,
    /// Something does not work that every user needs.
    Bad,
}

/// Result of one check.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    /// Stable name of the check.
    pub(super) check: &'static str,
    pub(super) state: State,
    pub(super) told: String,
    #[serde(rename = "way-out", skip_serializing_if = "Option::is_none")]
    pub(super) way_out: Option<String>,
}

impl Finding {
    pub(super) fn good(check: &'static str, told: String) -> Self {
        Self { check, state: State::Good, told, way_out: None }
    }

    pub(super) fn doubt(check: &'static str, told: String, way_out: String) -> Self {
        Self { check, state: State::Doubt, told, way_out: Some(way_out) }
    }

    pub(super) fn bad(check: &'static str, told: String, way_out: String) -> Self {
        Self { check, state: State::Bad, told, way_out: Some(way_out) }
    }
}

/// Text of one finding.
#[cfg(test)]
pub(super) fn line(finding: Finding) -> String {
    told(&[finding]).lines().skip(1).collect::<Vec<_>>().join("\n")
}

/// Text of the findings: each with its sign, and the remedy under it.
pub(super) fn told(findings: &[Finding]) -> String {
    let mut text = format!("esia-stand {}\n", env!("CARGO_PKG_VERSION"));
    for Finding { state, told, way_out, .. } in findings {
        let sign = match state {
            State::Good => '✔',
            State::Doubt => '!',
            State::Bad => '✘',
        };
        let _ = writeln!(text, "{sign} {told}");
        for line in way_out.iter().flat_map(|way_out| way_out.lines()) {
            let _ = writeln!(text, "    {line}");
        }
    }
    text
}
