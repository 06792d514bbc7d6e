//! Compares two recordings scenario by scenario: the order of exchanges, and the facts of exchanges that both have.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    archive::{Archive, Recording},
    facts::{facts, of_answer},
    kind::Kind,
    shape::Facts,
};

/// Placeholder for a fact that one side lacks.
const NONE: &str = "—";

/// Difference with an id that is the same in every run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Kind of the exchange and name of the fact, as `token.lifetime`.
    pub id: String,
    /// Value in the first recording.
    pub left: String,
    /// Value in the second recording.
    pub right: String,
    /// Scenarios with the difference; empty if it concerns an answer that a client keeps between scenarios.
    pub scenarios: Vec<String>,
}

/// Result of a comparison.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Differences, ordered by id.
    pub differences: Vec<Difference>,
    /// Scenarios that both recordings have.
    pub compared: Vec<String>,
    /// Scenarios that only the first, and only the second, recording has.
    pub alone: [Vec<String>; 2],
}

/// Exchanges of a scenario.
#[derive(Default)]
struct Told {
    /// Kinds of the exchanges, in order.
    order: Vec<String>,
    facts: Vec<(String, Facts)>,
    /// Answers that a client keeps between scenarios, with their kinds.
    kept: Vec<(String, Facts)>,
}

/// Compares two recordings.
pub fn compare(left: &Recording, right: &Recording) -> Comparison {
    let [ours, theirs] = [left, right].map(|recording| {
        let told = recording.scenarios.iter().map(|(name, archive)| (name.clone(), Told::of(archive)));
        told.collect::<BTreeMap<_, _>>()
    });
    let mut found = Found::default();
    let mut comparison = Comparison::default();
    for (name, one) in &ours {
        match theirs.get(name) {
            Some(other) => {
                found.scenario(name, one, other);
                comparison.compared.push(name.clone());
            }
            None => comparison.alone[0].push(name.clone()),
        }
    }
    comparison.alone[1].extend(theirs.keys().filter(|name| !ours.contains_key(*name)).cloned());
    let [one, other] = [&ours, &theirs].map(kept);
    for kind in one.keys().filter(|kind| other.contains_key(*kind)) {
        if let (Some(one), Some(other)) = (one.get(kind), other.get(kind)) {
            found.facts(None, kind, one, other);
        }
    }
    comparison.differences = found.0.into_values().collect();
    comparison
}

/// Returns the first answer of each kind that a client keeps.
fn kept(told: &BTreeMap<String, Told>) -> BTreeMap<String, Facts> {
    let mut all = BTreeMap::new();
    for (kind, facts) in told.values().flat_map(|told| &told.kept) {
        all.entry(kind.clone()).or_insert_with(|| facts.clone());
    }
    all
}

impl Told {
    fn of(archive: &Archive) -> Self {
        let mut told = Self::default();
        for exchange in &archive.log.entries {
            let kind = Kind::of(exchange, &archive.log.world);
            match kind {
                Some(kind) if kind.is_kept() => told.kept.push((kind.name.clone(), facts(exchange, &kind.name))),
                Some(kind) => told.add(kind.name.clone(), facts(exchange, &kind.name)),
                None => {}
            }
            if let Some(facts) = of_answer(exchange).filter(|_| !exchange.comment.starts_with("diary")) {
                told.add("answer".to_owned(), facts);
            }
        }
        told
    }

    fn add(&mut self, kind: String, facts: Facts) {
        self.order.push(kind.clone());
        self.facts.push((kind, facts));
    }

    fn nth(&self, kind: &str, index: usize) -> Option<&Facts> {
        self.facts.iter().filter(|(own, _)| own == kind).nth(index).map(|(_, facts)| facts)
    }
}

/// Differences by id and both values.
#[derive(Default)]
struct Found(BTreeMap<(String, String, String), Difference>);

impl Found {
    fn scenario(&mut self, name: &str, one: &Told, other: &Told) {
        let at = one.order.iter().zip(&other.order).take_while(|(one, other)| one == other).count();
        if one.order.len() != other.order.len() || at < one.order.len() {
            let next = |told: &Told| told.order.get(at).map_or(NONE, String::as_str).to_owned();
            let before = at.checked_sub(1).and_then(|before| one.order.get(before)).map_or("begin", String::as_str);
            self.add(Some(name), &format!("order.after-{before}"), &next(one), &next(other));
        }
        let mut counts = BTreeMap::<&str, usize>::new();
        for (kind, facts) in &one.facts {
            let index = counts.entry(kind).or_default();
            if let Some(other) = other.nth(kind, *index) {
                self.facts(Some(name), kind, facts, other);
            }
            *index += 1;
        }
    }

    fn facts(&mut self, scenario: Option<&str>, kind: &str, one: &Facts, other: &Facts) {
        let names: BTreeSet<_> = one.keys().chain(other.keys()).collect();
        for name in names {
            let told = |facts: &Facts| facts.get(name).map_or(NONE, String::as_str).to_owned();
            let (one, other) = (told(one), told(other));
            if one != other {
                self.add(scenario, &format!("{kind}.{name}"), &one, &other);
            }
        }
    }

    fn add(&mut self, scenario: Option<&str>, id: &str, left: &str, right: &str) {
        let key = (id.to_owned(), left.to_owned(), right.to_owned());
        let found = self.0.entry(key).or_insert_with(|| Difference {
            id: id.to_owned(),
            left: left.to_owned(),
            right: right.to_owned(),
            scenarios: Vec::new(),
        });
        let scenario = scenario.map(str::to_owned);
        found.scenarios.extend(scenario.filter(|scenario| found.scenarios.last() != Some(scenario)));
    }
}
