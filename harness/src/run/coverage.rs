//! `--coverage`: which scenarios prove which rule, and how they ended.

use std::{fmt::Write as _, fs, path::Path};

use serde::Serialize;

use super::{
    ReportError,
    terminal::{Outcome, Results},
};
use crate::suite::{Place, Suite};

/// Rules in the order of `rules.yaml`, each with its scenarios.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    rules: Vec<Rule>,
}

#[derive(Debug, Clone, Serialize)]
struct Rule {
    #[serde(rename = "rule")]
    tag: String,
    title: String,
    result: Proof,
    scenarios: Vec<Scenario>,
}

#[derive(Debug, Clone, Serialize)]
struct Scenario {
    #[serde(flatten)]
    place: Place,
    name: String,
    result: Proof,
}

/// How far something is proved. A rule is as good as its worst scenario that was played.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
enum Proof {
    NoScenario,
    NotPlayed,
    Passed,
    Failed,
}

impl Proof {
    const fn shown(self) -> &'static str {
        match self {
            Self::NoScenario => "— no scenario",
            Self::NotPlayed => "… not played",
            Self::Passed => "✔ passed",
            Self::Failed => "✘ failed",
        }
    }
}

impl From<Outcome> for Proof {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Failed => Self::Failed,
            Outcome::Unplayed => Self::NotPlayed,
        }
    }
}

impl Coverage {
    /// Of a whole suite, before anything is played: what the tags of a run leave out is told as such.
    pub fn of(suite: &Suite) -> Self {
        let rules = suite.rules.iter().map(|(rule, title)| {
            let scenarios = suite.scenarios().filter(|(_, tags, _)| tags.contains(&rule));
            let scenarios = scenarios.map(|(feature, _, scenario)| Scenario {
                place: Place::of(feature, scenario),
                name: scenario.name.clone(),
                result: Proof::NotPlayed,
            });
            Rule { tag: rule.clone(), title: title.clone(), result: Proof::NoScenario, scenarios: scenarios.collect() }
        });
        Self { rules: rules.collect() }
    }

    /// Takes in how the scenarios ended.
    pub(super) fn take(&mut self, results: &Results) {
        for rule in &mut self.rules {
            for scenario in &mut rule.scenarios {
                scenario.result = results.outcome(&scenario.place).map_or(Proof::NotPlayed, Proof::from);
            }
            rule.result = rule.scenarios.iter().map(|scenario| scenario.result).max().unwrap_or(Proof::NoScenario);
        }
    }

    /// Rules proved, and rules in all.
    pub(super) fn count(&self) -> (usize, usize) {
        (self.rules.iter().filter(|rule| rule.result == Proof::Passed).count(), self.rules.len())
    }

    /// Writes the table: JSON when the file's name ends so, Markdown otherwise.
    pub(super) fn save(&self, file: &Path) -> Result<(), ReportError> {
        let text = if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            serde_json::to_string_pretty(self).map(|text| text + "\n").map_err(std::io::Error::other)
        } else {
            Ok(self.markdown())
        };
        let saved = text.and_then(|text| fs::write(file, text));
        saved.map_err(|reason| ReportError { file: file.display().to_string(), reason })
    }

    fn markdown(&self) -> String {
        let (proved, all) = self.count();
        let mut text = format!(
            "# Rules and what proves them\n\n{proved} of {all} rules proved.\n\n| rule | what it says | result | scenarios |\n\
             | --- | --- | --- | --- |\n"
        );
        for Rule { tag, title, result, scenarios } in &self.rules {
            let scenarios: Vec<_> = scenarios.iter().map(Scenario::shown).collect();
            let (title, scenarios) = (cell(title), scenarios.join("<br>"));
            let _ = writeln!(text, "| {tag} | {title} | {} | {scenarios} |", result.shown());
        }
        text
    }
}

impl Scenario {
    fn shown(&self) -> String {
        let sign = self.result.shown().chars().next().unwrap_or_default();
        format!("{sign} {} {}", cell(&self.place.to_string()), cell(&self.name))
    }
}

/// A text that stays within its cell of a Markdown table, and is no HTML.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;")
}
