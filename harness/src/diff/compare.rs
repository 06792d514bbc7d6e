//! Two recordings, scenario by scenario: what happened in which order, and what is different in what happened in both.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    archive::{Archive, Recording},
    facts::{facts, of_answer},
    kind::Kind,
    shape::Facts,
};

/// What stands for a fact that one side does not have.
const NONE: &str = "—";

/// A difference, under a name that stays the same from run to run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Kind of the exchange and name of the fact, as `token.lifetime`.
    pub id: String,
    /// What the first recording has.
    pub left: String,
    /// What the second has.
    pub right: String,
    /// Scenarios in which it shows; none where it is of what a client asks once and keeps.
    pub scenarios: Vec<String>,
}

/// The result of a comparison.
#[derive(Debug, Default)]
pub struct Comparison {
    /// Differences by id.
    pub differences: Vec<Difference>,
    /// Scenarios that both recordings have.
    pub compared: Vec<String>,
    /// Scenarios of the first recording alone, and of the second alone.
    pub alone: [Vec<String>; 2],
}

/// What has happened in a scenario.
#[derive(Default)]
struct Told {
    /// Kinds in order.
    order: Vec<String>,
    facts: Vec<(String, Facts)>,
    /// Answers that are kept from scenario to scenario.
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

/// The first answer of each kind that is kept.
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

/// Differences by id and what they are.
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
