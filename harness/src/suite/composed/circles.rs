//! Composed steps that call themselves, directly or through others.

use std::{collections::BTreeSet, sync::Arc};

use super::{
    super::Diagnostic,
    call::meant,
    definition::ComposedStep,
    vocabulary::{Reading, Vocabulary},
};
use crate::language::tr;

/// Returns a diagnostic for each circle of calls, at the first step of it.
pub(super) fn circles(own: &[Arc<ComposedStep>], all: &Vocabulary) -> Vec<Diagnostic> {
    let calls: Vec<_> = own.iter().map(|step| called(step, own, all)).collect();
    let (mut told, mut wrong) = (BTreeSet::new(), Vec::new());
    for start in 0..own.len() {
        let Some(way) = way_back(start, &calls) else { continue };
        if told.insert(way.iter().copied().collect::<BTreeSet<_>>()) {
            wrong.extend(circle(own, &way));
        }
    }
    wrong
}

/// Indexes of the steps that a step calls.
fn called(step: &ComposedStep, own: &[Arc<ComposedStep>], all: &Vocabulary) -> Vec<usize> {
    let calls = step.body.iter().filter_map(|inner| match meant(all, &inner.value) {
        Reading::Composed(called, _) => own.iter().position(|known| Arc::ptr_eq(known, &called)),
        _ => None,
    });
    calls.collect()
}

/// Shortest chain of calls from a step back to itself, beginning with that step.
fn way_back(start: usize, calls: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut ways = std::collections::VecDeque::from([vec![start]]);
    let mut seen = BTreeSet::new();
    while let Some(way) = ways.pop_front() {
        for next in way.last().and_then(|last| calls.get(*last)).into_iter().flatten() {
            if *next == start {
                return Some(way);
            }
            if seen.insert(*next) {
                ways.push_back(way.iter().copied().chain([*next]).collect());
            }
        }
    }
    None
}

fn circle(own: &[Arc<ComposedStep>], way: &[usize]) -> Option<Diagnostic> {
    let steps: Vec<_> = way.iter().filter_map(|number| own.get(*number)).collect();
    let first = steps.first()?;
    let told = steps.iter().chain([first]).map(|step| format!("«{}» ({})", step.sentence.text, step.place()));
    let told = told.collect::<Vec<_>>().join(" → ");
    let message = tr!("шаг вызывает сам себя: {told}", "the step calls itself: {told}");
    Some(Diagnostic::at(&first.file, first.position, message))
}
