//! Checks of the table and the text under a step: those that the step takes, and no others.

use std::collections::{BTreeSet, HashMap};

use gherkin::LineCol;

use super::composed::ComposedStep;
use crate::{
    language::tr,
    steps::{StepDefinition, Table, Text},
};

/// Table and text that a step takes.
#[derive(Debug)]
pub(super) struct Takes<'t> {
    /// Sentence of the step, as in the list of steps.
    sentence: &'t str,
    table: Table,
    text: Text,
    /// Example rows for a table that is missing.
    example: Vec<String>,
}

/// Mistake in the table or the text under a step.
#[derive(Debug)]
pub(super) struct Misplaced {
    /// Place of the mistake; `None` for the step's own place.
    pub(super) place: Option<LineCol>,
    pub(super) message: String,
    pub(super) hints: Vec<String>,
}

/// Lines of the tables and texts under the steps of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'l> {
    /// Lines of a table's rows, by the line of its first row.
    pub(super) rows: &'l HashMap<usize, Vec<usize>>,
    /// Line on which a step's text begins, by the line of the step.
    pub(super) fences: &'l HashMap<usize, usize>,
}

impl<'t> Takes<'t> {
    /// What a built-in step takes.
    pub(super) fn of(known: &'t StepDefinition) -> Self {
        let rows = known.example.lines().skip(1).filter(|_| known.table != Table::Nothing);
        let example = rows.map(|row| row.trim().to_owned()).collect();
        Self { sentence: known.pattern, table: known.table, text: known.text, example }
    }

    /// What a composed step takes.
    pub(super) fn of_composed(step: &'t ComposedStep) -> Self {
        let table = if step.takes_table() { Table::Rows } else { Table::Nothing };
        let text = if step.takes_text() { Text::Must } else { Text::Nothing };
        Self { sentence: &step.sentence.text, table, text, example: Vec::new() }
    }

    /// Returns all mistakes in what stands under a step.
    pub(super) fn mistakes(&self, step: &gherkin::Step, lines: Lines<'_>) -> Vec<Misplaced> {
        let sentence = self.sentence;
        let at = |place: LineCol, message: String| Misplaced { place: Some(place), message, hints: Vec::new() };
        let mut wrong = Vec::new();
        let line = step.position.line;
        let fence = LineCol { line: lines.fences.get(&line).copied().unwrap_or(line), col: step.position.col };
        match (&step.docstring, self.text) {
            (Some(_), Text::Nothing) => wrong.push(at(
                fence,
                tr!(
                    "шаг не берёт текста в кавычках \"\"\": уберите его",
                    "the step takes no text in \"\"\": remove it"
                ),
            )),
            (None, Text::Must) => {
                let message = tr!(
                    "под шагом «{sentence}» нужен текст в кавычках \"\"\"",
                    "a text in \"\"\" is needed under the step \"{sentence}\""
                );
                wrong.push(Misplaced { place: None, message, hints: Vec::new() });
            }
            _ => {}
        }
        match (self.table, &step.table) {
            (Table::Nothing, None) | (Table::Rows | Table::Sides, Some(_)) => {}
            (Table::Nothing, Some(table)) => wrong.push(at(
                table.position,
                tr!(
                    "шаг «{sentence}» не берёт таблицы: уберите её",
                    "the step \"{sentence}\" takes no table: remove it"
                ),
            )),
            (_, None) => {
                let message =
                    tr!("под шагом «{sentence}» нужна таблица", "a table is needed under the step \"{sentence}\"");
                wrong.push(Misplaced { place: None, message, hints: self.example.clone() });
            }
            (Table::Fields, Some(table)) => {
                let lines = lines.rows.get(&table.position.line).cloned().unwrap_or_default();
                wrong.extend(fields(table, &lines));
            }
        }
        wrong
    }
}

/// Checks a table of two columns: the field's name, and the value typed into the field.
fn fields(table: &gherkin::Table, lines: &[usize]) -> Vec<Misplaced> {
    let (mut wrong, mut fields) = (Vec::new(), BTreeSet::new());
    for (row, line) in table.rows.iter().zip(lines) {
        let message = match row.as_slice() {
            [field, _] if field.is_empty() => tr!(
                "поле не названо: в первом столбце его название",
                "the field has no name: it stands in the first column"
            ),
            [field, _] if !fields.insert(field) => {
                tr!("поле «{field}» названо дважды", "the field \"{field}\" is named twice")
            }
            [_, _] => continue,
            _ => tr!(
                "в таблице нужны два столбца, поле и значение, а здесь ячеек: {}",
                "the table needs two columns, field and value; cells here: {}",
                row.len()
            ),
        };
        let place = LineCol { line: *line, col: table.position.col };
        wrong.push(Misplaced { place: Some(place), message, hints: Vec::new() });
    }
    wrong
}
