//! Seed documents.

use serde_json::Value;

use super::{Diagnostic, File};

/// Reads a seed document and checks what a run needs of it.
///
/// # Errors
/// What is wrong, with its place.
pub fn read(file: &File) -> Result<Value, Vec<Diagnostic>> {
    serde_saphyr::from_str::<Value>(&file.text).map_err(|error| {
        let place = error.location().map_or((1, 1), |at| (usize_of(at.line()), usize_of(at.column())));
        vec![Diagnostic::at(&file.name, place, format!("не читается как YAML: {error}"))]
    })
}

fn usize_of(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

/// The JSON Schema of a seed document, both sections included.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(worlds::SeedDocument)
}
