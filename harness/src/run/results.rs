//! How a run went: plain data, in the order of the files. The terminal, every report and the exit code are made of it.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use worlds::{SystemWall, WallClock as _};

use super::names;
use crate::{
    play::{Played, Record, StepEnd},
    suite::{Place, Suite},
};

/// All features of a run, and how their scenarios ended so far.
#[derive(Debug)]
pub(super) struct Results {
    /// When the run began, by the machine's clock.
    pub(super) began_at: DateTime<Utc>,
    began: Instant,
    pub(super) features: Vec<Feature>,
    /// Where each scenario is: number of the feature, number within it.
    index: HashMap<Place, (usize, usize)>,
    /// Scenarios in all.
    pub(super) total: usize,
}

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
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) place: Place,
    pub(super) keyword: String,
    pub(super) name: String,
    /// The name, told apart from others of the same feature; without line numbers, so that it outlives edits above.
    pub(super) title: String,
    /// What its pictures are called; no other scenario of the run has it.
    pub(super) slug: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) steps: Vec<Step>,
    /// How it went, once it was begun and left.
    pub(super) record: Option<Record>,
}

/// A step as it is written, with a line for each row of an outline.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) keyword: String,
    pub(super) text: String,
    pub(super) line: usize,
    /// Whether it stands in a background.
    pub(super) of_background: bool,
    pub(super) table: Vec<Vec<String>>,
    pub(super) docstring: Option<String>,
}

/// How a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// Something could not be asked in it.
    NotAsked,
    /// Not begun, or not played to its end because the run was stopped.
    NotPlayed,
}

impl Results {
    /// Of a suite of which nothing has been played yet.
    pub(super) fn of(suite: &Suite) -> Self {
        let mut features: Vec<_> = suite.features.iter().map(Feature::of).collect();
        names::tell_features_apart(&mut features);
        names::name_pictures(&mut features);
        let mut index = HashMap::new();
        for (number, feature) in features.iter().enumerate() {
            let places = feature.scenarios.iter().map(|scenario| scenario.place.clone());
            index.extend(places.enumerate().map(|(within, place)| (place, (number, within))));
        }
        let total = features.iter().map(|feature| feature.scenarios.len()).sum();
        Self { began_at: SystemWall.now(), began: Instant::now(), features, index, total }
    }

    pub(super) fn find(&self, place: &Place) -> Option<&Scenario> {
        let (feature, scenario) = self.index.get(place)?;
        self.features.get(*feature)?.scenarios.get(*scenario)
    }

    /// Keeps how a scenario went.
    pub(super) fn keep(&mut self, place: &Place, record: Record) {
        let found = self.index.get(place).and_then(|(feature, scenario)| {
            self.features.get_mut(*feature).and_then(|feature| feature.scenarios.get_mut(*scenario))
        });
        if let Some(scenario) = found {
            scenario.record = Some(record);
        }
    }

    /// Every scenario in the order of the files.
    pub(super) fn scenarios(&self) -> impl Iterator<Item = &Scenario> {
        self.features.iter().flat_map(|feature| &feature.scenarios)
    }

    pub(super) fn count(&self, outcome: Outcome) -> usize {
        self.scenarios().filter(|scenario| scenario.outcome() == outcome).count()
    }

    pub(super) fn took(&self) -> Duration {
        self.began.elapsed()
    }
}

impl Feature {
    fn of(feature: &gherkin::Feature) -> Self {
        let before: Vec<_> = steps_of(feature.background.as_ref());
        let mut scenarios: Vec<_> =
            feature.scenarios.iter().map(|scenario| (None, Scenario::of(feature, &before, scenario))).collect();
        for rule in &feature.rules {
            let before: Vec<_> = before.iter().copied().chain(steps_of(rule.background.as_ref())).collect();
            let of_rule = rule.scenarios.iter().map(|scenario| {
                let mut own = Scenario::of(feature, &before, scenario);
                own.tags = rule.tags.iter().cloned().chain(own.tags).collect();
                (Some(rule.name.as_str()), own)
            });
            scenarios.extend(of_rule);
        }
        scenarios.sort_by_key(|(_, scenario)| scenario.place.line);
        names::tell_scenarios_apart(feature, &mut scenarios);
        Self {
            file: feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default(),
            line: feature.position.line,
            keyword: feature.keyword.trim().to_owned(),
            name: feature.name.clone(),
            title: feature.name.clone(),
            description: feature.description.clone().unwrap_or_default(),
            tags: feature.tags.clone(),
            background: feature.background.as_ref().map(|background| Background {
                keyword: background.keyword.trim().to_owned(),
                name: background.name.clone(),
                line: background.position.line,
            }),
            scenarios: scenarios.into_iter().map(|(_, scenario)| scenario).collect(),
        }
    }
}

fn steps_of(background: Option<&gherkin::Background>) -> Vec<&gherkin::Step> {
    background.into_iter().flat_map(|background| &background.steps).collect()
}

impl Scenario {
    fn of(feature: &gherkin::Feature, before: &[&gherkin::Step], scenario: &gherkin::Scenario) -> Self {
        let before = before.iter().map(|step| Step::of(step, true));
        Self {
            place: Place::of(feature, scenario),
            keyword: scenario.keyword.trim().to_owned(),
            name: scenario.name.clone(),
            title: scenario.name.clone(),
            slug: String::new(),
            description: scenario.description.clone().unwrap_or_default(),
            tags: scenario.tags.clone(),
            steps: before.chain(scenario.steps.iter().map(|step| Step::of(step, false))).collect(),
            record: None,
        }
    }

    /// How it ended.
    pub(super) fn outcome(&self) -> Outcome {
        let Some(record) = &self.record else { return Outcome::NotPlayed };
        match record.steps.last().map(|step| &step.end) {
            Some(StepEnd::Unmet(_)) => Outcome::Failed,
            Some(StepEnd::CouldNotAsk(_)) => Outcome::NotAsked,
            _ if record.steps.len() < self.steps.len() => Outcome::NotPlayed,
            _ => Outcome::Passed,
        }
    }

    /// Its steps, each with how it ended if it was played.
    pub(super) fn played(&self) -> impl Iterator<Item = (&Step, Option<&Played>)> {
        let played = self.record.iter().flat_map(|record| &record.steps).map(Some);
        self.steps.iter().zip(played.chain(std::iter::repeat(None)))
    }

    /// The step that did not pass, and why.
    pub(super) fn fault(&self) -> Option<(&Step, &str)> {
        self.played().find_map(|(step, played)| match &played?.end {
            StepEnd::Passed => None,
            StepEnd::Unmet(why) | StepEnd::CouldNotAsk(why) => Some((step, why.as_str())),
        })
    }

    /// How long it took; nothing when it was not begun.
    pub(super) fn took(&self) -> Duration {
        self.record.as_ref().map(|record| record.took).unwrap_or_default()
    }
}

impl Step {
    fn of(step: &gherkin::Step, of_background: bool) -> Self {
        Self {
            keyword: step.keyword.trim().to_owned(),
            text: step.value.clone(),
            line: step.position.line,
            of_background,
            table: step.table.as_ref().map(|table| table.rows.clone()).unwrap_or_default(),
            docstring: step.docstring.clone(),
        }
    }
}
