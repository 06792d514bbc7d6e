//! The features of a run as they are reported: their scenarios and steps, and how each scenario ended.

use std::time::Duration;

use crate::{
    language::tr,
    scenario::{Record, StepEnd, StepResult},
    suite::{Nested, Nesting, NotPossible, SourceLocation},
};

/// A feature with the scenarios that are played.
#[derive(Debug)]
pub(super) struct Feature {
    pub(super) file: String,
    pub(super) line: usize,
    pub(super) keyword: String,
    pub(super) name: String,
    /// The name, told apart from other features of the same name.
    pub(super) title: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) background: Option<Background>,
    pub(super) scenarios: Vec<Scenario>,
}

/// A feature's background, as a report repeats it.
#[derive(Debug)]
pub(super) struct Background {
    pub(super) keyword: String,
    pub(super) name: String,
    pub(super) line: usize,
}

/// A scenario, or one row of an outline.
#[derive(Debug, Clone)]
pub(super) struct Scenario {
    pub(super) place: SourceLocation,
    pub(super) keyword: String,
    pub(super) name: String,
    /// The name, told apart from others of the same feature; without line numbers, so that it outlives edits above.
    pub(super) title: String,
    /// Beginning of the names of its pictures; no other scenario of the run has it.
    pub(super) slug: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) steps: Vec<PlannedStep>,
    /// Reason for which it cannot be played here; it is not begun then.
    pub(super) not_possible: Option<NotPossible>,
    /// Record of the last attempt, once it was begun and left.
    pub(super) record: Option<Record>,
    /// Records of the attempts before, which did not pass.
    pub(super) earlier: Vec<Record>,
}

/// A step as it is written, with a line for each row of an outline.
#[derive(Debug, Clone)]
pub(super) struct PlannedStep {
    pub(super) keyword: String,
    pub(super) text: String,
    pub(super) line: usize,
    /// Whether it stands in a background.
    pub(super) of_background: bool,
    pub(super) table: Vec<Vec<String>>,
    pub(super) docstring: Option<String>,
    /// Where it stands, for a step of a composed one; its line then is that where the composed step is said.
    pub(super) nested: Option<Nested>,
}

/// The steps of a feature before a scenario, and which of all of them stand within composed ones.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    pub(super) before: &'a [&'a gherkin::Step],
    pub(super) nesting: &'a Nesting,
}

/// Outcome of a scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Outcome {
    Passed,
    /// Passed after an attempt that did not.
    Flaky,
    Failed,
    /// The harness itself panicked in it.
    Panicked,
    /// Something could not be asked in it.
    NotAsked,
    /// A side lacks what it needs: neither good nor bad.
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

    /// Outcome of the last attempt, in the light of those before.
    pub(super) fn outcome(&self) -> Outcome {
        if self.not_possible.is_some() {
            return Outcome::NotPossible;
        }
        let Some(record) = &self.record else { return Outcome::NotPlayed };
        match record.steps.last().map(|step| &step.end) {
            Some(StepEnd::Unmet(_)) => Outcome::Failed,
            Some(StepEnd::CouldNotAsk(_)) => Outcome::NotAsked,
            Some(StepEnd::Panicked(_)) => Outcome::Panicked,
            // An attempt that was cut short leaves the one before it standing.
            _ if record.steps.len() < self.steps.len() && !self.earlier.is_empty() => Outcome::Failed,
            _ if record.steps.len() < self.steps.len() => Outcome::NotPlayed,
            _ if !self.earlier.is_empty() => Outcome::Flaky,
            _ => Outcome::Passed,
        }
    }

    /// Number of attempts that were begun and left.
    pub(super) fn attempts(&self) -> usize {
        self.earlier.len() + usize::from(self.record.is_some())
    }

    /// Reasons for which the attempts before the last one did not pass.
    pub(super) fn earlier_reasons(&self) -> impl Iterator<Item = &str> {
        self.earlier.iter().map(|record| record.steps.last().and_then(|step| step.end.reason()).unwrap_or_default())
    }

    /// Its steps, each with how it ended if it was played.
    fn played(&self) -> impl Iterator<Item = (&PlannedStep, Option<&StepResult>)> {
        let played = self.record.iter().flat_map(|record| &record.steps).map(Some);
        self.steps.iter().zip(played.chain(std::iter::repeat(None)))
    }

    /// The step that did not pass, and why.
    pub(super) fn fault(&self) -> Option<(&PlannedStep, &str)> {
        self.played().find_map(|(step, played)| Some((step, played?.end.reason()?)))
    }

    /// The reason of the step that did not pass in one line; within a composed step, with the inner step and its place.
    pub(super) fn reason(&self) -> Option<String> {
        let (step, why) = self.fault()?;
        let why = why.lines().next().unwrap_or_default();
        Some(step.told_reason(why))
    }

    /// Why it could not go on, where others could.
    pub(super) fn lost(&self) -> Option<&str> {
        match &self.record.as_ref()?.steps.last()?.end {
            StepEnd::CouldNotAsk(why) if why.here_alone => Some(&why.reason),
            _ => None,
        }
    }

    /// Duration; zero when it was not begun.
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

    /// The reason for which it did not pass; within a composed step, with what it says and where.
    pub(super) fn told_reason(&self, why: &str) -> String {
        match &self.nested {
            Some(Nested { place, .. }) => {
                tr!("{why} (шаг «{}» в {place})", "{why} (the step \"{}\" in {place})", self.text)
            }
            None => why.to_owned(),
        }
    }

    /// Its own place, as a line of the feature or a line of another file.
    pub(super) fn told_place(&self) -> String {
        match &self.nested {
            Some(nested) => nested.place.to_string(),
            None => tr!("строка {}", "line {}", self.line),
        }
    }
}
