//! Steps that are played in each scenario of a suite, those of backgrounds first.

use std::borrow::Cow;

use serde_json::Value;

use crate::{
    steps::{Found, StepDefinition, find, played},
    suite::{NotPossible, SourceLocation, Suite},
};

/// Step with its definition and values.
pub(super) struct Said<'s> {
    pub(super) step: Cow<'s, gherkin::Step>,
    pub(super) known: &'static StepDefinition,
    pub(super) values: Vec<String>,
}

/// Seeds of a feature file by name.
pub(super) type Seeds<'s> = dyn Fn(&str) -> Option<&'s Value> + 's;

/// Returns the scenarios whose steps lack something, each with the reason.
pub(super) fn each_scenario<'s>(
    suite: &'s Suite,
    lacks: impl Fn(&[Said<'s>], &Seeds<'s>) -> Option<NotPossible>,
) -> Vec<(SourceLocation, NotPossible)> {
    let mut found = Vec::new();
    for feature in &suite.features {
        let file = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        let before: Vec<_> = feature.background.iter().flat_map(|background| &background.steps).collect();
        let own = feature.scenarios.iter().map(|scenario| (Vec::new(), scenario));
        let of_rules = feature.rules.iter().flat_map(|rule| {
            let before: Vec<_> = rule.background.iter().flat_map(|background| &background.steps).collect();
            rule.scenarios.iter().map(move |scenario| (before.clone(), scenario))
        });
        for (of_rule, scenario) in own.chain(of_rules) {
            let steps = before.iter().copied().chain(of_rule).chain(&scenario.steps);
            let said: Vec<_> = steps.flat_map(played).filter_map(looked_up).collect();
            let file = file.clone();
            let seed = move |name: &str| suite.seeds.get(&(file.clone(), name.to_owned()));
            if let Some(why) = lacks(&said, &seed) {
                found.push((SourceLocation::of(feature, scenario), why));
            }
        }
    }
    found
}

fn looked_up(step: Cow<'_, gherkin::Step>) -> Option<Said<'_>> {
    match find(&step.value) {
        Found::Step(known, values) => Some(Said { step, known, values }),
        Found::Unknown(_) => None,
    }
}
