//! Faults of a file: the first ones, and the number of the others.

use std::fmt::Display;

/// Maximum number of faults in a response; a file that is not a register can have millions.
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

/// Faults of a file; only those that are reported are kept.
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

    /// Merges with the faults of another reader, in the order of lines.
    #[must_use]
    pub(super) fn and(mut self, others: Self) -> Self {
        self.told.extend(others.told);
        self.told.sort_by_key(|fault| fault.line);
        self.more += others.more + self.told.len().saturating_sub(TOLD);
        self.told.truncate(TOLD);
        self
    }

    /// Returns the number of all faults.
    pub(super) fn count(&self) -> usize {
        self.told.len() + self.more
    }

    pub(super) fn is_empty(&self) -> bool {
        self.told.is_empty()
    }

    /// Returns the first faults, at most [`TOLD`].
    pub(super) fn told(&self) -> &[LineFault] {
        &self.told
    }

    /// Returns the number of faults that are not reported.
    pub(super) fn more(&self) -> usize {
        self.more
    }
}

impl From<LineFault> for FileFaults {
    fn from(fault: LineFault) -> Self {
        Self { told: vec![fault], more: 0 }
    }
}
