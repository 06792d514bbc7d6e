//! What is wrong with a file: the first faults, and how many more there are.

use std::fmt::Display;

/// Maximum number of faults in an answer; a file of nonsense has millions.
pub(super) const TOLD: usize = 100;

/// What is wrong with a file, and where.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub(crate) struct LineFault {
    /// Line of the file, from 1.
    pub(super) line: u64,
    /// Column as its head says it; «столбец 12» where it has none, «строка» or «файл» for what is in no column.
    pub(super) field: String,
    /// What is wrong.
    pub(super) message: String,
}

impl LineFault {
    pub(super) fn new(line: u64, field: &str, message: impl Into<String>) -> Self {
        Self { line, field: field.to_owned(), message: message.into() }
    }
}

/// The faults of a file. No more is kept of them than is told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct FileFaults {
    told: Vec<LineFault>,
    more: usize,
}

impl FileFaults {
    pub(super) fn add(&mut self, line: u64, field: &str, message: impl Display) {
        if self.told.len() < TOLD {
            self.told.push(LineFault::new(line, field, message.to_string()));
        } else {
            self.more += 1;
        }
    }

    /// With those of another reader, in the order of lines.
    #[must_use]
    pub(super) fn and(mut self, others: Self) -> Self {
        self.told.extend(others.told);
        self.told.sort_by_key(|fault| fault.line);
        self.more += others.more + self.told.len().saturating_sub(TOLD);
        self.told.truncate(TOLD);
        self
    }

    /// How many there are.
    pub(super) fn count(&self) -> usize {
        self.told.len() + self.more
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// The first ones.
    pub(super) fn told(&self) -> &[LineFault] {
        &self.told
    }

    /// How many are not told.
    pub(super) fn more(&self) -> usize {
        self.more
    }
}

impl From<LineFault> for FileFaults {
    fn from(fault: LineFault) -> Self {
        Self { told: vec![fault], more: 0 }
    }
}
