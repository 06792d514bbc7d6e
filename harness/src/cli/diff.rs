//! `esia-stand diff`: comparison of two recordings.

use super::{DiffOf, commands::say};
use crate::{
    diff::{Judged, Recording, as_json, as_text, compare},
    exit::{CliError, Exit},
    language::pick,
    suite,
};

/// Compares the recordings; the exit code is 1 if there are unknown or vanished differences.
pub(super) fn diff(options: &DiffOf) -> Result<Exit, CliError> {
    let known = options.known.as_deref().map_or_else(|| Ok(Vec::new()), suite::known_differences::read)?;
    let left = Recording::read(&options.left).map_err(CliError::wrong)?;
    let right = Recording::read(&options.right).map_err(CliError::wrong)?;
    let comparison = compare(&left, &right);
    if comparison.compared.is_empty() {
        return Err(CliError::wrong(pick(
            "сравнивать нечего: у записей нет общих сценариев",
            "there is nothing to compare: the recordings have no scenario in common",
        )));
    }
    let judged = Judged::of(comparison, &known);
    let told = if options.json {
        serde_json::to_string_pretty(&as_json(&judged)).map_err(CliError::could_not_run)? + "\n"
    } else {
        as_text(&judged)
    };
    say(&told)?;
    Ok(if judged.is_as_known() { Exit::Passed } else { Exit::Failed })
}
