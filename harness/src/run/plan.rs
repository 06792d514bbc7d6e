//! Features of a run as reports need them: scenarios, steps, and results.

use std::time::Duration;

use crate::{
    language::tr,
    scenario::{Record, StepEnd, StepResult},
    suite::{Nested, Nesting, NotPossible, SourceLocation},
};

/// Feature with the scenarios that are played.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) keyword: String,
    pub(super) name: String,
    /// Title, unique among the features of the run.
    pub(super) title: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) background: Option<Background>,
    pub(super) scenarios: Vec<Scenario>,
}

/// Background of a feature, which reports repeat.
#[derive(Debug)]
pub(super) struct Background {
    pub(super) keyword: String,
    pub(super) name: String,
    pub(super) line: usize,
}

/// Scenario, or one row of an outline.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    pub(super) place: SourceLocation,
    pub(super) keyword: String,
    pub(super) name: String,
    /// Title, unique within the feature; it has no line numbers, so that it stays the same when lines move.
    pub(super) title: String,
    /// Beginning of the names of its pictures, unique within the run.
    pub(super) slug: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) steps: Vec<PlannedStep>,
    /// Reason why the scenario cannot be played here; it is not begun then.
    pub(super) not_possible: Option<NotPossible>,
    /// Record of the last attempt that has ended.
    pub(super) record: Option<Record>,
    /// Records of earlier attempts, which did not pass.
    pub(super) earlier: Vec<Record>,
}

/// Step as written; a scenario of an outline has its own.
#[derive(Debug, Clone)]
pub(super) struct PlannedStep {
    pub(super) keyword: String,
    pub(super) text: String,
    pub(super) line: usize,
    /// Whether the step stands in a background.
    pub(super) of_background: bool,
    pub(super) table: Vec<Vec<String>>,
    pub(super) docstring: Option<String>,
    /// Place within composed steps; the step's own line is then that of the outermost call.
    pub(super) nested: Option<Nested>,
}

/// Context of a scenario: the steps of backgrounds before it, and the places of steps within composed ones.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) before: &'a [&'a gherkin::Step],
    pub(super) nesting: &'a Nesting,
}

/// Outcome of a scenario in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Outcome {
    Passed,
    /// Passed after an attempt that did not pass.
    Flaky,
    Failed,
    /// The harness itself panicked.
    Panicked,
    /// A step could not ask a server or a browser, while other scenarios could go on.
    NotAsked,
    /// A side lacks what the scenario needs: neither passed nor failed.
    NotPossible,
    /// Not begun, or not played to its end because the run was stopped.
    NotPlayed,
}

impl Scenario {
    pub(super) fn of(feature: &gherkin::Feature, around: Around<'_>, scenario: &gherkin::Scenario) -> Self {
        let Around { before, nesting } = around;
        let before = before.iter().map(|step| PlannedStep { of_background: true, ..PlannedStep::of(step, nesting) });
        Self {
            place: SourceLocation::of(feature, scenario),
            keyword: scenario.keyword.trim().to_owned(),
            name: scenario.name.clone(),
            title: scenario.name.clone(),
            slug: String::new(),
            description: scenario.description.clone().unwrap_or_default(),
            tags: scenario.tags.clone(),
            steps: before.chain(scenario.steps.iter().map(|step| PlannedStep::of(step, nesting))).collect(),
            not_possible: None,
            record: None,
            earlier: Vec::new(),
        }
    }

    /// Outcome of the last attempt, taking earlier ones into account.
    pub(super) fn outcome(&self) -> Outcome {
        if self.not_possible.is_some() {
            return Outcome::NotPossible;
        }
        let Some(record) = &self.record else { return Outcome::NotPlayed };
        match record.steps.last().map(|step| &step.end) {
            Some(StepEnd::Unmet(_)) => Outcome::Failed,
            Some(StepEnd::CouldNotAsk(_)) => Outcome::NotAsked,
            Some(StepEnd::Panicked(_)) => Outcome::Panicked,
            // An attempt that was cut short does not replace the failure before it.
            _ if record.steps.len() < self.steps.len() && !self.earlier.is_empty() => Outcome::Failed,
            _ if record.steps.len() < self.steps.len() => Outcome::NotPlayed,
            _ if !self.earlier.is_empty() => Outcome::Flaky,
            _ => Outcome::Passed,
        }
    }

    /// Number of attempts that have ended.
    pub(super) fn attempts(&self) -> usize {
        self.earlier.len() + usize::from(self.record.is_some())
    }

    /// Reasons why the attempts before the last one did not pass.
    pub(super) fn earlier_reasons(&self) -> impl Iterator<Item = &str> {
        self.earlier.iter().map(|record| record.steps.last().and_then(|step| step.end.reason()).unwrap_or_default())
    }

    /// Steps of the scenario, each with its result if it was played.
    fn played(&self) -> impl Iterator<Item = (&PlannedStep, Option<&StepResult>)> {
        let played = self.record.iter().flat_map(|record| &record.steps).map(Some);
        self.steps.iter().zip(played.chain(std::iter::repeat(None)))
    }

    /// Step that did not pass, and the reason.
    pub(super) fn fault(&self) -> Option<(&PlannedStep, &str)> {
        self.played().find_map(|(step, played)| Some((step, played?.end.reason()?)))
    }

    /// Reason of the step that did not pass, in one line; for a step within a composed one with its sentence and place.
    pub(super) fn reason(&self) -> Option<String> {
        let (step, why) = self.fault()?;
        let why = why.lines().next().unwrap_or_default();
        Some(step.told_reason(why))
    }

    /// Reason why this scenario could not go on, while others could.
    pub(super) fn lost(&self) -> Option<&str> {
        match &self.record.as_ref()?.steps.last()?.end {
            StepEnd::CouldNotAsk(why) if why.here_alone => Some(&why.reason),
            _ => None,
        }
    }

    /// Duration of the last attempt; zero if the scenario was not begun.
    pub(super) fn took(&self) -> Duration {
        self.record.as_ref().map(|record| record.took).unwrap_or_default()
    }
}

impl PlannedStep {
    fn of(step: &gherkin::Step, nesting: &Nesting) -> Self {
        Self {
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
            of_background: false,
            table: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
            docstring: step.docstring.clone(),
            nested: nesting.of(step).cloned(),
        }
    }

    /// Reason why the step did not pass; for a step within a composed one with its sentence and place.
    pub(super) fn told_reason(&self, why: &str) -> String {
        match &self.nested {
            Some(Nested { place, .. }) => {
                tr!("{why} (шаг «{}» в {place})", "{why} (the step \"{}\" in {place})", self.text)
            }
            None => why.to_owned(),
        }
    }

    /// Place of the step: line of the feature, or file and line of a file of composed steps.
    pub(super) fn told_place(&self) -> String {
        match &self.nested {
            Some(nested) => nested.place.to_string(),
            None => tr!("строка {}", "line {}", self.line),
        }
    }
}
