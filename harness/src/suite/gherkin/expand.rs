//! Expands outlines: one scenario for each row of examples, at the row's own line.

use std::{collections::BTreeSet, mem, sync::LazyLock};

use gherkin::{Examples, Feature, LineCol, Scenario, Table};
use regex::Regex;

use super::{super::Diagnostic, Document};
use crate::language::tr;

/// `<column>`, with blanks allowed inside but not at either end.
static PLACEHOLDER: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<([^<>\s](?:[^<>\n]*[^<>\s])?)>").ok());

/// Replaces each outline by the scenarios of its rows.
///
/// # Errors
/// Fails for columns that are used but missing, and for columns that are not used.
pub(in super::super) fn expand(file: &str, document: &mut Document) -> Result<(), Vec<Diagnostic>> {
    let mut wrong = Vec::new();
    let Document { feature, rows, .. } = document;
    let lines = |table: &Table| rows.get(&table.position.line).cloned().unwrap_or_default();
    let mut each = |scenarios: &mut Vec<Scenario>| {
        for scenario in mem::take(scenarios) {
            if scenario.examples.is_empty() {
                scenarios.push(scenario);
                continue;
            }
            let found = columns(file, &scenario, &lines);
            if found.is_empty() {
                for examples in &scenario.examples {
                    scenarios.extend(rows_of(&scenario, examples, &lines));
                }
            }
            wrong.extend(found);
        }
    };
    let Feature { scenarios, rules, .. } = feature;
    each(scenarios);
    for rule in rules {
        each(&mut rule.scenarios);
    }
    wrong.sort_by_key(|wrong| (wrong.line, wrong.column));
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

type Lines<'l> = dyn Fn(&Table) -> Vec<usize> + 'l;

/// Returns the mistakes in the columns of an outline's examples.
fn columns(file: &str, scenario: &Scenario, lines: &Lines<'_>) -> Vec<Diagnostic> {
    let used = placeholders(scenario, lines);
    let mut wrong = Vec::new();
    for table in scenario.examples.iter().filter_map(|examples| examples.table.as_ref()) {
        let Some(header) = table.rows.first() else { continue };
        let mut complain = |place: LineCol, message: String| {
            let new = Diagnostic::at(file, place, message);
            if !wrong.contains(&new) {
                wrong.push(new);
            }
        };
        let mut seen = BTreeSet::new();
        for column in header {
            if column.is_empty() {
                complain(table.position, tr!("столбец примеров без названия", "a column of examples without a name"));
            } else if !seen.insert(column) {
                complain(
                    table.position,
                    tr!("столбец <{column}> назван дважды", "the column <{column}> is named twice"),
                );
            } else if used.iter().all(|(name, _)| name != column) {
                let message = tr!(
                    "столбца <{column}> не использует ни один шаг: напишите <{column}> в шаге или уберите столбец",
                    "no step uses the column <{column}>: write <{column}> in a step or remove the column"
                );
                complain(table.position, message);
            }
        }
        for (name, place) in used.iter().filter(|(name, _)| !header.contains(name)) {
            complain(
                *place,
                tr!("в таблице примеров нет столбца <{name}>", "the table of examples has no column <{name}>"),
            );
        }
    }
    wrong
}

/// Returns the columns that an outline uses, each with its place.
fn placeholders(scenario: &Scenario, lines: &Lines<'_>) -> Vec<(String, LineCol)> {
    let mut texts = vec![(scenario.name.as_str(), scenario.position)];
    for step in &scenario.steps {
        texts.push((&step.value, step.position));
        texts.extend(step.docstring.iter().map(|text| (text.as_str(), step.position)));
        if let Some(table) = &step.table {
            let lines = lines(table).into_iter().map(|line| LineCol { line, col: table.position.col });
            let cells = table.rows.iter().zip(lines).flat_map(|(row, place)| row.iter().map(move |cell| (cell, place)));
            texts.extend(cells.map(|(cell, place)| (cell.as_str(), place)));
        }
    }
    let Some(placeholder) = &*PLACEHOLDER else { return Vec::new() };
    let names = texts.iter().flat_map(|(text, place)| {
        placeholder.captures_iter(text).filter_map(move |found| Some((found.get(1)?.as_str().to_owned(), *place)))
    });
    names.collect()
}

/// Returns one scenario for each row.
fn rows_of(scenario: &Scenario, examples: &Examples, lines: &Lines<'_>) -> Vec<Scenario> {
    let Some((table, header)) = examples.table.as_ref().and_then(|table| Some((table, table.rows.first()?))) else {
        return Vec::new();
    };
    // All rows share everything but the examples. Each scenario carries only its own row, so that memory grows with the
    // number of rows, not with its square.
    let mut plain = Scenario { examples: Vec::new(), ..scenario.clone() };
    plain.tags.extend(examples.tags.iter().cloned());
    let rows = table.rows.iter().zip(lines(table)).skip(1);
    let expanded = rows.map(|(row, line)| {
        let mut one = plain.clone();
        one.position = LineCol { line, col: table.position.col };
        fill(&mut one.name, header, row);
        for step in &mut one.steps {
            fill(&mut step.value, header, row);
            step.docstring.iter_mut().for_each(|text| fill(text, header, row));
            let cells = step.table.iter_mut().flat_map(|table| table.rows.iter_mut().flatten());
            cells.for_each(|cell| fill(cell, header, row));
        }
        let own = Table { rows: vec![header.clone(), row.clone()], ..Table::builder().rows(Vec::new()).build() };
        let own = Examples::builder().keyword(examples.keyword.clone()).name(examples.name.clone()).table(Some(own));
        one.examples = vec![own.position(examples.position).build()];
        one
    });
    expanded.collect()
}

/// Replaces the names of columns in a text by the values of a row.
fn fill(text: &mut String, header: &[String], row: &[String]) {
    let Some(placeholder) = PLACEHOLDER.as_ref().filter(|_| text.contains('<')) else { return };
    let (mut filled, mut done) = (String::new(), 0);
    for found in placeholder.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        let value = header.iter().position(|column| column == name.as_str()).and_then(|column| row.get(column));
        filled.push_str(text.get(done..whole.start()).unwrap_or_default());
        filled.push_str(value.map_or(whole.as_str(), String::as_str));
        done = whole.end();
    }
    filled.push_str(text.get(done..).unwrap_or_default());
    *text = filled;
}
