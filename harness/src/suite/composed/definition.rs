//! Definition of a composed step: its sentence, and the steps under it.

use std::{collections::HashMap, sync::Arc};

use gherkin::LineCol;

use super::{
    super::SourceLocation,
    handed::{is_table_under, is_text_under},
    sentence::Sentence,
};

/// Step that a team has composed of others.
#[derive(Debug, Clone)]
pub struct ComposedStep {
    /// Name of the file that defines the step, as in messages.
    pub file: String,
    /// Place at which its sentence begins.
    pub position: LineCol,
    /// Sentence of the step, with its parameters in braces.
    pub sentence: Sentence,
    /// Author's description under the sentence; empty if there is none.
    pub about: String,
    /// Steps of which it is composed, with parameters in braces.
    pub body: Vec<gherkin::Step>,
    /// Lines of a table's rows in its file, by the line of the first row.
    pub(super) rows: Arc<HashMap<usize, Vec<usize>>>,
    /// Lines on which doc strings of its file begin, by the line of their step.
    pub(super) fences: Arc<HashMap<usize, usize>>,
}

impl ComposedStep {
    /// File and line of the step's sentence.
    pub fn place(&self) -> SourceLocation {
        SourceLocation { file: self.file.clone(), line: self.position.line }
    }

    /// File and line of one of the steps in its body.
    pub(super) fn place_of(&self, inner: &gherkin::Step) -> SourceLocation {
        SourceLocation { file: self.file.clone(), line: inner.position.line }
    }

    /// Checks whether a placeholder of the body has a value: a parameter, or the table or text under the call.
    pub(super) fn has(&self, place: &str) -> bool {
        self.sentence.parameters.iter().any(|known| known == place) || is_table_under(place) || is_text_under(place)
    }

    /// Checks whether a table belongs under a call, which one of the body's steps gets.
    pub fn takes_table(&self) -> bool {
        self.body.iter().any(is_handed_a_table)
    }

    /// Checks whether a text in `"""` belongs under a call, which a placeholder of the body stands for.
    pub fn takes_text(&self) -> bool {
        self.body.iter().flat_map(texts).flat_map(super::sentence::places).any(|place| is_text_under(&place))
    }
}

/// Checks whether a step of a body gets the table under the call: `| {таблица под шагом} |`.
pub(super) fn is_handed_a_table(inner: &gherkin::Step) -> bool {
    let rows = inner.table.as_ref().map(|table| table.rows.as_slice());
    let Some([row]) = rows else { return false };
    let [cell] = row.as_slice() else { return false };
    cell.strip_prefix('{').and_then(|cell| cell.strip_suffix('}')).is_some_and(is_table_under)
}

/// Texts of a step in which placeholders may stand: its sentence, its doc string, the cells of its table.
pub(super) fn texts(step: &gherkin::Step) -> impl Iterator<Item = &str> {
    let cells = step.table.iter().flat_map(|table| table.rows.iter().flatten()).map(String::as_str);
    [step.value.as_str()].into_iter().chain(step.docstring.as_deref()).chain(cells)
}
