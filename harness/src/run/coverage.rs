//! `--coverage`: which scenarios prove which rule, and how they ended.

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

/// Degree of proof. A rule is as good as its worst scenario that was played.
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
    /// Name of its style in a page.
    pub(super) fn style(self) -> &'static str {
        match self {
            Self::NoScenario | Self::NotPossible | Self::NotPlayed => "other",
            Self::Passed => "passed",
            Self::Flaky => "unjudged",
            Self::Failed => "failed",
        }
    }

    /// Sign and word of it.
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
    /// Of a whole suite, before anything is played: what the tags of a run leave out is told as such.
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

    /// The table with how the scenarios ended: JSON when the file's name ends so, Markdown otherwise.
    pub(super) fn text(&self, file: &Path, results: &Results) -> Result<String, String> {
        let table = self.with(results);
        if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("json")) {
            let text = serde_json::to_string_pretty(&table);
            return text.map(|text| text + "\n").map_err(|error| error.to_string());
        }
        Ok(table.markdown())
    }

    /// One line for people: how many rules are proved.
    pub(super) fn line(&self, results: &Results) -> String {
        self.with(results).proved()
    }

    /// The rules among some tags, each with its title.
    pub(super) fn titles(&self, tags: &[String]) -> Vec<String> {
        let own = self.rules.iter().filter(|rule| tags.contains(&rule.tag));
        own.map(|rule| format!("{}: {}", rule.tag, rule.title)).collect()
    }

    /// The same with how the scenarios ended.
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

/// A text that stays within its cell of a Markdown table, and is no HTML.
fn cell(text: &str) -> String {
    text.replace('\n', " ").replace('|', "\\|").replace('<', "&lt;")
}
