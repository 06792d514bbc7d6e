//! Diagnostics of open files, as `check` reports them, grouped by file.

use std::collections::BTreeMap;

use lsp_types::{Diagnostic as Shown, DiagnosticSeverity, PublishDiagnosticsParams, Uri};

use super::{
    documents::{Documents, uri_of},
    position::rest,
};
use crate::{
    suite::{Diagnostic, File},
    words::may_be,
};

/// Files with published diagnostics, which must be cleared later.
#[derive(Debug, Default)]
pub(super) struct Told(Vec<String>);

impl Told {
    /// Returns the diagnostics of all open files and the files that they use, and empty lists for files that have none
    /// any more.
    pub(super) fn again(&mut self, documents: &Documents) -> Vec<PublishDiagnosticsParams> {
        let unsaved = documents.texts();
        let mut by_file = BTreeMap::<String, Vec<Diagnostic>>::new();
        for open in documents.all() {
            by_file.entry(open.file.name.clone()).or_default();
            for new in open.mistakes(&unsaved) {
                let of_file = by_file.entry(new.file.clone()).or_default();
                if !of_file.contains(&new) {
                    of_file.push(new);
                }
            }
        }
        for before in std::mem::take(&mut self.0) {
            by_file.entry(before).or_default();
        }
        self.0 = by_file.iter().filter(|(_, wrong)| !wrong.is_empty()).map(|(file, _)| file.clone()).collect();
        let published = by_file.into_iter().filter_map(|(file, wrong)| {
            let text = documents.text(&file).or_else(|| File::read(file.as_ref()).ok().map(|file| file.text));
            Some(published(uri_of(&file)?, &text.unwrap_or_default(), &wrong))
        });
        published.collect()
    }
}

fn published(uri: Uri, text: &str, wrong: &[Diagnostic]) -> PublishDiagnosticsParams {
    let lines: Vec<_> = text.lines().collect();
    let diagnostics = wrong.iter().map(|wrong| {
        // A diagnostic about the whole file is shown at its first line.
        let number = wrong.line.saturating_sub(1);
        let line = lines.get(number).copied().unwrap_or_default();
        Shown {
            range: rest(number, line, wrong.column.saturating_sub(1)),
            severity: Some(DiagnosticSeverity::ERROR),
            source: Some("esia-stand".to_owned()),
            message: told(wrong),
            ..Shown::default()
        }
    });
    PublishDiagnosticsParams { uri, diagnostics: diagnostics.collect(), version: None }
}

/// Message with its hints.
fn told(wrong: &Diagnostic) -> String {
    let hints = wrong.hints.iter().map(|hint| format!("\n{}{hint}", may_be()));
    wrong.message.clone() + hints.collect::<String>().as_str()
}
