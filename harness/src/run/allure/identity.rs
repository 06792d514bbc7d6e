//! Identifiers by which Allure recognises a scenario in all runs, and each single attempt.

use sha2::{Digest as _, Sha256};

use super::super::plan::{Feature, Scenario};

/// Identifier of a scenario that stays the same as long as its file and title do.
pub(super) fn history(feature: &Feature, scenario: &Scenario) -> String {
    digest(&format!("{}\n{}", feature.file, scenario.title))
}

/// Identifier of an attempt in the form of a UUID.
pub(super) fn of_attempt(history: &str, run: &str, attempt: usize) -> String {
    let hex = digest(&format!("{history}\n{run}\n{attempt}"));
    let part = |from: usize, to: usize| hex.get(from..to).unwrap_or_default();
    // Version 8 (RFC 9562) is for custom formats; the variant digit is one of 8, 9, a and b.
    format!("{}-{}-8{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
}

fn digest(text: &str) -> String {
    let mut hex = hex::encode(Sha256::digest(text));
    hex.truncate(32);
    hex
}
