//! Lists of the report: scenarios by feature, rules with their proofs, the slowest and the flaky scenarios.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{
    super::{
        coverage::Coverage,
        plan::{Feature, Scenario},
        results::Results,
    },
    marks::{Mark, OUTCOMES, of_outcome, took},
};
use crate::words::visible;

/// Number of slowest scenarios that are listed.
const SLOWEST: usize = 10;

/// Line about a scenario.
pub(super) struct Row {
    pub(super) mark: Mark,
    pub(super) title: String,
    pub(super) place: String,
    pub(super) tags: String,
    pub(super) took: String,
    /// Anchor of its story, if it has one.
    pub(super) story: Option<String>,
    /// Reasons why earlier attempts did not pass.
    pub(super) earlier: Vec<String>,
    /// Step that cannot be played here, if there is one.
    pub(super) not_possible: Option<String>,
}

impl Row {
    pub(super) fn of(scenario: &Scenario) -> Self {
        let has_story = has_story(scenario);
        let tags: Vec<_> = scenario.tags.iter().map(|tag| format!("@{}", visible(tag))).collect();
        Self {
            mark: of_outcome(scenario.outcome()),
            title: visible(&scenario.title),
            place: visible(&scenario.place.to_string()),
            tags: tags.join(" "),
            took: if scenario.record.is_some() { took(scenario.took()) } else { String::new() },
            story: has_story.then(|| scenario.slug.clone()),
            earlier: scenario.earlier_reasons().map(visible).collect(),
            not_possible: scenario.not_possible.as_ref().map(|why| visible(&why.step)),
        }
    }
}

/// Checks whether the report has a story of the scenario: it did not pass, or not at the first attempt.
pub(super) fn has_story(scenario: &Scenario) -> bool {
    scenario.fault().is_some() || !scenario.earlier.is_empty()
}

/// Feature with its scenarios.
pub(super) struct FeatureView {
    pub(super) title: String,
    pub(super) file: String,
    pub(super) took: String,
    pub(super) counts: Vec<(Mark, usize)>,
    pub(super) rows: Vec<Row>,
}

impl FeatureView {
    pub(super) fn of(feature: &Feature) -> Self {
        let of = |outcome| feature.scenarios.iter().filter(|scenario| scenario.outcome() == outcome).count();
        let counts = OUTCOMES.map(|outcome| (of_outcome(outcome), of(outcome)));
        Self {
            title: visible(&feature.title),
            file: visible(&feature.file),
            took: took(feature.scenarios.iter().map(Scenario::took).sum()),
            counts: counts.into_iter().filter(|(_, number)| *number > 0).collect(),
            rows: feature.scenarios.iter().map(Row::of).collect(),
        }
    }
}

/// Documented rule with its proofs.
pub(super) struct RuleView {
    pub(super) tag: String,
    pub(super) title: String,
    pub(super) style: &'static str,
    pub(super) result: &'static str,
    pub(super) scenarios: Vec<ProofView>,
}

/// Scenario that proves a rule.
pub(super) struct ProofView {
    pub(super) style: &'static str,
    pub(super) result: &'static str,
    pub(super) name: String,
    pub(super) place: String,
}

/// Rules in their order, each with its result.
pub(super) fn rules(coverage: &Coverage, results: &Results) -> Vec<RuleView> {
    let rules = coverage.with(results).rules.into_iter().map(|rule| RuleView {
        tag: visible(&rule.tag),
        title: visible(&rule.title),
        style: rule.result.style(),
        result: rule.result.shown(),
        scenarios: rule
            .scenarios
            .into_iter()
            .map(|scenario| ProofView {
                style: scenario.result.style(),
                result: scenario.result.shown(),
                name: visible(&scenario.name),
                place: visible(&scenario.place.to_string()),
            })
            .collect(),
    });
    rules.collect()
}

/// What a side lacks, and the scenarios that need it.
pub(super) struct LackView {
    pub(super) lacks: String,
    pub(super) rows: Vec<Row>,
}

/// Scenarios that cannot be played here, grouped by what is lacking, the largest group first.
pub(super) fn not_possible(results: &Results) -> Vec<LackView> {
    let mut lacks = BTreeMap::<String, Vec<Row>>::new();
    for scenario in results.scenarios() {
        if let Some(why) = &scenario.not_possible {
            lacks.entry(visible(&why.lacks)).or_default().push(Row::of(scenario));
        }
    }
    let mut lacks: Vec<_> = lacks.into_iter().map(|(lacks, rows)| LackView { lacks, rows }).collect();
    lacks.sort_by_key(|lack| Reverse(lack.rows.len()));
    lacks
}

/// Slowest scenarios, the slowest first.
pub(super) fn slowest(results: &Results) -> Vec<Row> {
    let mut played: Vec<_> = results.scenarios().filter(|scenario| scenario.record.is_some()).collect();
    played.sort_by_key(|scenario| Reverse(scenario.took()));
    played.into_iter().take(SLOWEST).map(Row::of).collect()
}
