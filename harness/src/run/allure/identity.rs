//! Names by which Allure knows a scenario from run to run, and an attempt of it from all others.

use sha2::{Digest as _, Sha256};

use super::super::plan::{Feature, Scenario};

/// What is the same in every run as long as the file and the title are.
pub(super) fn history(feature: &Feature, scenario: &Scenario) -> String {
    digest(&format!("{}\n{}", feature.file, scenario.title))
}

/// The name of an attempt, in the form of a UUID.
pub(super) fn of_attempt(history: &str, run: &str, attempt: usize) -> String {
    let hex = digest(&format!("{history}\n{run}\n{attempt}"));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // Version 8 of RFC 9562 is for those who make their own; the variant is 8, 9, a or b.
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

fn digest(text: &str) -> String {
    let mut hex = hex::encode(Sha256::digest(text));
    hex.truncate(32);
    hex
}
