//! Diagnostics: a mistake in a file, its place, and hints.

use std::fmt;

use gherkin::LineCol;

use crate::{exit::CliError, words::may_be};

/// Mistake in a file, with its place and hints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Name of the file, as the command or another file names it.
    pub file: String,
    /// Line, from 1; 0 if the mistake is about the file as a whole.
    pub line: usize,
    /// Column in letters, from 1.
    pub column: usize,
    /// Description of the mistake.
    pub message: String,
    /// Hints: what the author may have meant.
    pub hints: Vec<String>,
}

impl Diagnostic {
    /// Creates a diagnostic at a place in a file.
    pub fn at(file: &str, place: LineCol, message: String) -> Self {
        Self { file: file.to_owned(), line: place.line, column: place.col, message, hints: Vec::new() }
    }

    /// Creates a diagnostic about a file as a whole.
    pub fn of_file(file: &str, message: String) -> Self {
        Self::at(file, LineCol { line: 0, col: 0 }, message)
    }

    /// Adds hints about what the author may have meant.
    #[must_use]
    pub fn or(mut self, hints: impl IntoIterator<Item = String>) -> Self {
        self.hints.extend(hints);
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.file)?;
        if self.line > 0 {
            write!(f, "{}:{}:", self.line, self.column)?;
        }
        write!(f, " {}", self.message)?;
        for (index, hint) in self.hints.iter().enumerate() {
            let before = may_be();
            let width = before.chars().count();
            if index == 0 { write!(f, "\n  {before}{hint}")? } else { write!(f, "\n  {:width$}{hint}", "")? }
        }
        Ok(())
    }
}

/// Returns the known word that is most like the written one, or `None` if none is near (Jaro-Winkler, above 0.75).
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    known
        .into_iter()
        .map(|word| (strsim::jaro_winkler(written, word), word))
        .filter(|(likeness, _)| *likeness > 0.75)
        .max_by(|(one, _), (other, _)| one.total_cmp(other))
        .map(|(_, word)| word)
}

/// Command-line error with all diagnostics, one per line.
impl From<Vec<Diagnostic>> for CliError {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        Self::wrong(diagnostics.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }
}
