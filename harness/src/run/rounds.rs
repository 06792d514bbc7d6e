//! Rounds of a run: each round plays scenarios once. Scenarios that did not pass are played again, and everything is
//! repeated.

use cucumber::feature::Ext as _;
use rand::seq::SliceRandom as _;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng as _};

use crate::suite::SourceLocation;

/// Number of repeats and attempts, and the order of the scenarios.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Number of times that every scenario is played.
    pub repeat: u16,
    /// Number of times that a scenario which did not pass is played again.
    pub retry: u16,
    /// Seed of a random order; `None` for the order of the files.
    pub shuffle: Option<u64>,
    /// Whether the first scenario that does not pass ends the run.
    pub fail_fast: bool,
}

impl Default for Pace {
    fn default() -> Self {
        Self { repeat: 1, retry: 0, shuffle: None, fail_fast: false }
    }
}

impl Pace {
    /// Maximum number of attempts of a scenario.
    pub(super) fn attempts(self) -> usize {
        usize::from(self.retry) + 1
    }
}

/// Scenarios that are played together, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Round {
    /// Number of the repeat, from 1.
    pub(super) repeat: usize,
    /// Number of the attempt, from 1.
    pub(super) attempt: usize,
    /// Maximum number of attempts of a scenario.
    pub(super) of: usize,
    /// Its scenarios in the order in which they begin and are reported.
    pub(super) order: Vec<SourceLocation>,
}

/// Puts each scenario into a feature of its own, with background and rule, so that any order is possible.
pub(super) fn alone(features: &[gherkin::Feature]) -> Vec<gherkin::Feature> {
    features.iter().flat_map(one_by_one).collect()
}

fn one_by_one(feature: &gherkin::Feature) -> Vec<gherkin::Feature> {
    let bare = gherkin::Feature { scenarios: Vec::new(), rules: Vec::new(), ..feature.clone() };
    let own = feature.scenarios.iter();
    let own = own.map(|scenario| gherkin::Feature { scenarios: vec![scenario.clone()], ..bare.clone() });
    let of_rules = feature.rules.iter().flat_map(|rule| {
        let alone =
            rule.scenarios.iter().map(|scenario| gherkin::Rule { scenarios: vec![scenario.clone()], ..rule.clone() });
        alone.map(|rule| gherkin::Feature { rules: vec![rule], ..bare.clone() })
    });
    let mut all: Vec<_> = own.chain(of_rules).collect();
    all.sort_by_key(|feature| place(feature).map(|place| place.line));
    all
}

/// Place of the only scenario of a feature.
pub(super) fn place(feature: &gherkin::Feature) -> Option<SourceLocation> {
    debug_assert_eq!(feature.count_scenarios(), 1, "one scenario alone");
    let of_rules = feature.rules.iter().flat_map(|rule| &rule.scenarios);
    feature.scenarios.iter().chain(of_rules).next().map(|scenario| SourceLocation::of(feature, scenario))
}

/// Source of the order of scenarios in each repeat.
pub(super) struct Order(Option<ChaCha8Rng>);

impl Order {
    /// The order of the files, or random orders from a seed.
    pub(super) fn of(shuffle: Option<u64>) -> Self {
        Self(shuffle.map(ChaCha8Rng::seed_from_u64))
    }

    /// Returns the scenarios in the next order.
    pub(super) fn next(&mut self, scenarios: &[gherkin::Feature]) -> Vec<gherkin::Feature> {
        let mut next = scenarios.to_vec();
        if let Some(random) = &mut self.0 {
            next.shuffle(random);
        }
        next
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use gherkin::GherkinEnv;

    use super::*;

    fn feature() -> gherkin::Feature {
        let scenario = |number| format!("  Сценарий: номер {number}\n    Дано мир «а»\n");
        let own: String = (1..=9).map(scenario).collect();
        let text = format!(
            "# language: ru\nФункция: а\n  Предыстория:\n    Дано мир «б»\n{own}  Правило: дети\n    Сценарий: последний\n      Дано мир «а»\n"
        );
        let mut feature = gherkin::Feature::parse(text, GherkinEnv::new("ru").unwrap()).unwrap();
        feature.path = Some(PathBuf::from("a.feature"));
        feature
    }

    fn lines(features: &[gherkin::Feature]) -> Vec<usize> {
        features.iter().map(|feature| place(feature).unwrap().line).collect()
    }

    #[test]
    fn each_scenario_stands_alone_with_its_background_and_rule() {
        let alone = alone(&[feature()]);
        assert_eq!(lines(&alone), [5, 7, 9, 11, 13, 15, 17, 19, 21, 24]);
        assert!(alone.iter().all(|feature| feature.background.is_some()));
        assert_eq!(alone[9].rules[0].name, "дети");
    }

    #[test]
    fn one_number_gives_one_order_and_each_repeat_another() {
        let all = alone(&[feature()]);
        let orders = |seed| {
            let mut order = Order::of(seed);
            [lines(&order.next(&all)), lines(&order.next(&all))]
        };
        assert_eq!(orders(Some(7)), orders(Some(7)));
        assert_ne!(orders(Some(7)), orders(Some(8)));
        assert_ne!(orders(Some(7))[0], orders(Some(7))[1]);
        assert_eq!(orders(None), [lines(&all), lines(&all)]);
        let mut sorted = orders(Some(7))[0].clone();
        sorted.sort_unstable();
        assert_eq!(sorted, lines(&all), "the same scenarios");
    }
}
