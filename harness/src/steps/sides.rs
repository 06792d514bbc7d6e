//! Sides of a step that are played at the same time: the columns of its table, whose cells are sentences.

use std::borrow::Cow;

use gherkin::Step;

use super::{Found, canonical, find, people_of};

/// Returns the sentences of each side, from top to bottom. An empty cell is no step.
pub fn sides(rows: &[Vec<String>]) -> Vec<Vec<String>> {
    let width = rows.iter().map(Vec::len).max().unwrap_or_default();
    let of_side = |side: usize| {
        let cells = rows.iter().filter_map(move |row| row.get(side)).filter(|cell| !cell.is_empty());
        cells.map(|cell| canonical(cell)).collect()
    };
    (0..width).map(of_side).collect()
}

/// Returns the people whose browsers the sentences of a side use, each once.
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

/// Checks whether a step has sides that are played at the same time.
pub fn is_raced(step: &Step) -> bool {
    matches!(find(&step.value), Found::Step(known, _) if known.has_sides())
}

/// Returns the steps that are played for a step: the step itself, or those of its sides.
pub fn played(step: &Step) -> Vec<Cow<'_, Step>> {
    let Some(table) = step.table.as_ref().filter(|_| is_raced(step)) else { return vec![Cow::Borrowed(step)] };
    let inner = |value: String| Cow::Owned(Step { value, table: None, docstring: None, ..step.clone() });
    sides(&table.rows).into_iter().flatten().map(inner).collect()
}

/// Checks whether any of the steps uses the diary.
pub fn meet_the_diary<'s>(mut steps: impl Iterator<Item = &'s Step>) -> bool {
    let meets = |step: &Step| matches!(find(&step.value), Found::Step(known, _) if known.meets_the_diary());
    steps.any(|step| played(step).iter().any(|step| meets(step)))
}
