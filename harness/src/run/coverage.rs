//! `--coverage`: which scenarios prove which rule, and their results.

use std::{fmt::Write as _, path::Path};

use serde::Serialize;

use super::{plan::Outcome, results::Results};
use crate::{
    language::{pick, tr},
    suite::{SourceLocation, Suite},
};

/// Rules in the order of `rules.yaml`, each with its scenarios.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Coverage {
    pub(super) rules: Vec<Rule>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Rule {
    #[serde(rename = "rule")]
    pub(super) tag: String,
    pub(super) title: String,
    pub(super) result: Proof,
    pub(super) scenarios: Vec<Scenario>,
}

#[derive(Debug, Clone, Serialize)]
pub(super) struct Scenario {
    #[serde(flatten)]
    pub(super) place: SourceLocation,
    pub(super) name: String,
    pub(super) result: Proof,
}

/// Result of a rule or scenario. The variants are in order: a rule has the greatest result of its scenarios, so that
/// the worst of those played counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Proof {
    NoScenario,
    NotPossible,
    NotPlayed,
    Passed,
    Flaky,
    Failed,
}

impl Proof {
    /// CSS class of the result.
    pub(super) fn style(self) -> &'static str {
        match self {
            Self::NoScenario | Self::NotPossible | Self::NotPlayed => "other",
            Self::Passed => "passed",
            Self::Flaky => "unjudged",
            Self::Failed => "failed",
        }
    }

    /// Sign and word for the result.
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::NoScenario => pick("— нет сценария", "— no scenario"),
            Self::NotPossible => pick("○ здесь невозможно", "○ not possible here"),
            Self::NotPlayed => pick("… не сыграно", "… not played"),
            Self::Passed => pick("✔ пройдено", "✔ passed"),
            Self::Flaky => pick("≈ неустойчиво", "≈ flaky"),
            Self::Failed => pick("✘ не пройдено", "✘ failed"),
        }
    }
}

impl From<Outcome> for Proof {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Passed => Self::Passed,
            Outcome::Flaky => Self::Flaky,
            Outcome::Failed => Self::Failed,
            Outcome::NotPossible => Self::NotPossible,
            Outcome::Panicked | Outcome::NotAsked | Outcome::NotPlayed => Self::NotPlayed,
        }
    }
}

impl Coverage {
    /// Coverage of a whole suite before the run. Scenarios that the tags of the run leave out are counted too.
    pub fn of(suite: &Suite) -> Self {
        let rules = suite.rules.iter().map(|(rule, title)| {
            let scenarios = suite.scenarios().filter(|(_, tags, _)| tags.contains(&rule));
            let scenarios = scenarios.map(|(feature, _, scenario)| Scenario {
                place: SourceLocation::of(feature, scenario),
                name: scenario.name.clone(),
                result: Proof::NotPlayed,
            });
            Rule { tag: rule.clone(), title: title.clone(), result: Proof::NoScenario, scenarios: scenarios.collect() }
        });
        Self { rules: rules.collect() }
    }

    /// Table with the results of the scenarios: JSON if the file's name ends in `.json`, Markdown otherwise.
    pub(super) fn text(&self, file: &Path, results: &Results) -> Result<String, String> {
        let table = self.with(results);
        if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            let text = serde_json::to_string_pretty(&table);
            return text.map(|text| text + "\n").map_err(|error| error.to_string());
        }
        Ok(table.markdown())
    }

    /// Line for people with the number of proved rules.
    pub(super) fn line(&self, results: &Results) -> String {
        self.with(results).proved()
    }

    /// Returns tag and title of each rule that is among the given tags.
    pub(super) fn titles(&self, tags: &[String]) -> Vec<String> {
        let own = self.rules.iter().filter(|rule| tags.contains(&rule.tag));
        own.map(|rule| format!("{}: {}", rule.tag, rule.title)).collect()
    }

    /// Returns the coverage with the results of the scenarios; the worst of several repeats counts.
    pub(super) fn with(&self, results: &Results) -> Self {
        let mut table = self.clone();
        for rule in &mut table.rules {
            for scenario in &mut rule.scenarios {
                let proofs = results.repeats(&scenario.place).map(|played| Proof::from(played.outcome()));
                scenario.result = proofs.max().unwrap_or(Proof::NotPlayed);
            }
            rule.result = rule.scenarios.iter().map(|scenario| scenario.result).max().unwrap_or(Proof::NoScenario);
        }
        table
    }

    fn proved(&self) -> String {
        let (proved, all) = (
            self.rules.iter().filter(|rule| matches!(rule.result, Proof::Passed | Proof::Flaky)).count(),
            self.rules.len(),
        );
        tr!("Доказано правил: {proved} из {all}", "Rules proved: {proved} of {all}")
    }

    fn markdown(&self) -> String {
        let mut text = tr!(
            "# Правила и чем они доказаны\n\n{}.\n\n| правило | что оно говорит | итог | сценарии |\n",
            "# Rules and what proves them\n\n{}.\n\n| rule | what it says | result | scenarios |\n",
            self.proved()
        );
        text.push_str("| --- | --- | --- | --- |\n");
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

/// Escapes a text for a cell of a Markdown table, without HTML.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;")
}
