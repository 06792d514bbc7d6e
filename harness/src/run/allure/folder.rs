//! Writes the folder of Allure results.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use super::{
    super::{coverage::Coverage, results::Results},
    attempt::{Attempt, Which},
};

/// Writes a result for each attempt of each scenario, and the properties of the run.
///
/// # Errors
/// Returns the file that could not be written, and why.
pub(in super::super) fn write(
    folder: &Path,
    results: &Results,
    rules: &Coverage,
    properties: &[(&'static str, String)],
) -> Result<(), (PathBuf, io::Error)> {
    let written = |name: &str, bytes: &[u8]| {
        let file = folder.join(name);
        fs::write(&file, bytes).map_err(|error| (file, error))
    };
    for attempt in attempts(results, rules) {
        for attachment in attempt.attachments {
            written(&attachment.name, &attachment.bytes)?;
        }
        written(&attempt.file, attempt.result.to_string().as_bytes())?;
    }
    let properties: Vec<_> = properties.iter().map(|(name, value)| format!("{name} = {value}\n")).collect();
    written("environment.properties", properties.concat().as_bytes())
}

/// Every attempt in the order of the files; a scenario that was not begun has one.
pub(super) fn attempts(results: &Results, rules: &Coverage) -> Vec<Attempt> {
    let mut attempts = Vec::new();
    for feature in &results.features {
        for scenario in &feature.scenarios {
            let titles = rules.titles(&scenario.tags);
            let records = scenario.earlier.iter().chain(&scenario.record).map(Some);
            let records: Vec<_> = if scenario.attempts() == 0 { vec![None] } else { records.collect() };
            for (record, number) in records.into_iter().zip(1..) {
                let run = results.began_at;
                attempts.push(Attempt::of(Which { feature, scenario, record, number, rules: &titles, run }));
            }
        }
    }
    attempts
}
