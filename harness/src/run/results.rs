//! Results of a run as plain data, in the order of the files. The terminal, every report and the exit code are derived
//! from them.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use worlds::{SystemWall, WallClock as _};

use super::{
    names,
    plan::{Around, Background, Feature, Outcome, Scenario},
};
use crate::{
    scenario::Record,
    suite::{Nesting, SourceLocation, Suite},
};

/// Features of a run and the results of their scenarios so far.
#[derive(Debug)]
pub(super) struct Results {
    /// Start of the run by the machine's clock.
    pub(super) began_at: DateTime<Utc>,
    began: Instant,
    pub(super) features: Vec<Feature>,
    /// Index of each scenario: index of the feature, and index within it of the first repeat.
    index: HashMap<SourceLocation, (usize, usize)>,
    /// Number of repeats of each scenario.
    repeat: usize,
    /// Number of scenarios, including repeats.
    pub(super) total: usize,
}

impl Results {
    /// Results of a suite before the run.
    pub(super) fn of(suite: &Suite) -> Self {
        Self::repeated(suite, 1)
    }

    /// Results before a run that plays each scenario a number of times.
    pub(super) fn repeated(suite: &Suite, repeat: usize) -> Self {
        let mut features: Vec<_> = suite.features.iter().map(|feature| reported(feature, &suite.nesting)).collect();
        names::tell_features_apart(&mut features);
        for feature in &mut features {
            names::repeat(&mut feature.scenarios, repeat);
        }
        names::name_pictures(&mut features);
        for scenario in features.iter_mut().flat_map(|feature| &mut feature.scenarios) {
            scenario.not_possible = suite.not_possible.get(&scenario.place).cloned();
        }
        let mut index = HashMap::new();
        for (number, feature) in features.iter().enumerate() {
            let places = feature.scenarios.iter().map(|scenario| scenario.place.clone());
            for (within, place) in places.enumerate() {
                index.entry(place).or_insert((number, within));
            }
        }
        let total = features.iter().map(|feature| feature.scenarios.len()).sum();
        Self { began_at: SystemWall.now(), began: Instant::now(), features, index, repeat, total }
    }

    /// Returns a scenario in one of its repeats, counted from 1.
    pub(super) fn find(&self, place: &SourceLocation, repeat: usize) -> Option<&Scenario> {
        let (feature, scenario) = self.index.get(place)?;
        self.features.get(*feature)?.scenarios.get(scenario + repeat - 1)
    }

    /// Returns a scenario in all of its repeats.
    pub(super) fn repeats(&self, place: &SourceLocation) -> impl Iterator<Item = &Scenario> {
        (1..=self.repeat).filter_map(|repeat| self.find(place, repeat))
    }

    /// Keeps the record of an attempt.
    pub(super) fn keep(&mut self, place: &SourceLocation, repeat: usize, record: Record) {
        if let Some(scenario) = self.find_mut(place, repeat) {
            scenario.earlier.extend(scenario.record.replace(record));
        }
    }

    /// Drops the dossiers of a scenario, which were written to its folder of evidence.
    pub(super) fn forget_dossier(&mut self, place: &SourceLocation, repeat: usize) {
        if let Some(scenario) = self.find_mut(place, repeat) {
            let records = scenario.record.iter_mut().chain(&mut scenario.earlier);
            records.for_each(|record| record.evidence.dossier = None);
        }
    }

    fn find_mut(&mut self, place: &SourceLocation, repeat: usize) -> Option<&mut Scenario> {
        let (feature, scenario) = self.index.get(place)?;
        self.features.get_mut(*feature)?.scenarios.get_mut(scenario + repeat - 1)
    }

    /// All scenarios in the order of the files.
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

/// Converts a feature for reports and gives each of its scenarios a unique title.
fn reported(feature: &gherkin::Feature, nesting: &Nesting) -> Feature {
    let before: Vec<_> = steps_of(feature.background.as_ref());
    let around = Around { before: &before, nesting };
    let mut scenarios: Vec<_> =
        feature.scenarios.iter().map(|scenario| (None, Scenario::of(feature, around, scenario))).collect();
    for rule in &feature.rules {
        let before: Vec<_> = before.iter().copied().chain(steps_of(rule.background.as_ref())).collect();
        let of_rule = rule.scenarios.iter().map(|scenario| {
            let mut own = Scenario::of(feature, Around { before: &before, nesting }, scenario);
            own.tags = rule.tags.iter().cloned().chain(own.tags).collect();
            (Some(rule.name.as_str()), own)
        });
        scenarios.extend(of_rule);
    }
    scenarios.sort_by_key(|(_, scenario)| scenario.place.line);
    names::tell_scenarios_apart(feature, &mut scenarios);
    Feature {
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

fn steps_of(background: Option<&gherkin::Background>) -> Vec<&gherkin::Step> {
    background.into_iter().flat_map(|background| &background.steps).collect()
}
