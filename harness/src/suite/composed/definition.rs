//! Definition of a composed step: its sentence, and the steps under it.

use std::{collections::HashMap, sync::Arc};

use gherkin::LineCol;

use super::{
    super::SourceLocation,
    handed::{is_table_under, is_text_under},
    sentence::Sentence,
};

/// A step that a team has composed of others.
#[derive(Debug, Clone)]
pub struct ComposedStep {
    /// File in which it stands, as messages name it.
    pub file: String,
    /// Where its sentence begins.
    pub position: LineCol,
    /// The sentence, with its parameters in braces.
    pub sentence: Sentence,
    /// What its author says of it, under the sentence.
    pub about: String,
    /// The steps that it stands for, with parameters in braces.
    pub body: Vec<gherkin::Step>,
    /// The lines of a table's rows in its file, by the line of the first one.
    pub(super) rows: Arc<HashMap<usize, Vec<usize>>>,
    /// The lines where doc strings of its file begin, by the line of their step.
    pub(super) fences: Arc<HashMap<usize, usize>>,
}

impl ComposedStep {
    /// File and line of its sentence.
    pub fn place(&self) -> SourceLocation {
        SourceLocation { file: self.file.clone(), line: self.position.line }
    }

    /// File and line of one of its steps.
    pub(super) fn place_of(&self, inner: &gherkin::Step) -> SourceLocation {
        SourceLocation { file: self.file.clone(), line: inner.position.line }
    }

    /// Whether something can be put into a place of its body: a value, or what stands under the sentence.
    pub(super) fn has(&self, place: &str) -> bool {
        self.sentence.parameters.iter().any(|known| known == place) || is_table_under(place) || is_text_under(place)
    }

    /// Whether a table belongs under it, which one of its steps gets.
    pub fn takes_table(&self) -> bool {
        self.body.iter().any(is_handed_a_table)
    }

    /// Whether a text in `"""` belongs under it, which its steps have in a place.
    pub fn takes_text(&self) -> bool {
        self.body.iter().flat_map(texts).flat_map(super::sentence::places).any(|place| is_text_under(&place))
    }
}

/// Whether a step of a body gets the table under the sentence: `| {таблица под шагом} |`.
pub(super) fn is_handed_a_table(inner: &gherkin::Step) -> bool {
    let rows = inner.table.as_ref().map(|table| table.rows.as_slice());
    let Some([row]) = rows else { return false };
    let [cell] = row.as_slice() else { return false };
    cell.strip_prefix('{').and_then(|cell| cell.strip_suffix('}')).is_some_and(is_table_under)
}

/// The texts of a step in which places may stand: its sentence, its text, the cells of its table.
pub(super) fn texts(step: &gherkin::Step) -> impl Iterator<Item = &str> {
    let cells = step.table.iter().flat_map(|table| table.rows.iter().flatten()).map(String::as_str);
    [step.value.as_str()].into_iter().chain(step.docstring.as_deref()).chain(cells)
}
