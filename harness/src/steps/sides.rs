//! The sides of a step that several play at once: the columns of its table, whose cells are sentences.

use std::borrow::Cow;

use gherkin::Step;

use super::{Found, canonical, find, people_of};

/// The sentences of each side, from top to bottom. An empty cell is no step.
pub fn sides(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let of_side = |side: usize| {
        let cells = rows.iter().filter_map(move |row| row.get(side)).filter(|cell| !cell.is_empty());
        cells.map(|cell| canonical(cell)).collect()
    };
    (0..width).map(of_side).collect()
}

/// The people whose browsers the sentences of a side are about, each once.
pub fn people_in(sentences: &[String]) -> Vec<String> {
    let mut people = Vec::new();
    for sentence in sentences {
        if let Found::Step(known, values) = find(sentence) {
            for who in people_of(known, &values) {
                if !people.contains(&who) {
                    people.push(who);
                }
            }
        }
    }
    people
}

/// Whether several sides play a step at once.
pub fn is_raced(step: &Step) -> bool {
    matches!(find(&step.value), Found::Step(known, _) if known.has_sides())
}

/// The steps that are played for a step: itself, or those of its sides.
pub fn played(step: &Step) -> Vec<Cow<'_, Step>> {
    let Some(table) = step.table.as_ref().filter(|_| is_raced(step)) else { return vec![Cow::Borrowed(step)] };
    let inner = |value: String| Cow::Owned(Step { value, table: None, docstring: None, ..step.clone() });
    sides(&table.rows).into_iter().flatten().map(inner).collect()
}

/// Whether steps have to do with the diary; those at Gosuslugi alone have not.
pub fn meet_the_diary<'s>(mut steps: impl Iterator<Item = &'s Step>) -> bool {
    let meets = |step: &Step| matches!(find(&step.value), Found::Step(known, _) if known.meets_the_diary());
    steps.any(|step| played(step).iter().any(|step| meets(step)))
}
