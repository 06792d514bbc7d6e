//! Known differences, each with a reason and a person who is responsible for it.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use worlds::SeedError;

use crate::language::{pick, tr};

/// A difference that is known and passes, as long as it is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct KnownDifference {
    /// Its id, as `esia-stand diff` prints it: `token.lifetime`.
    pub id: String,
    /// Why it may be so.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Since when it is known, `YYYY-MM-DD`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
}

/// Returns the mistakes in a list of known differences.
pub(crate) fn mistakes(known: &[KnownDifference]) -> Vec<SeedError> {
    let mut found = Vec::new();
    for (index, one) in known.iter().enumerate() {
        let mut add = |field: &str, message: String| {
            found.push(SeedError { path: format!("[{index}].{field}"), message });
        };
        let is_twice = known.iter().take(index).any(|other| other.id == one.id);
        if is_twice {
            let id = &one.id;
            add("id", tr!("отличие «{id}» здесь уже названо", "the difference \"{id}\" is named here already"));
        }
        for (field, text) in [("id", &one.id), ("reason", &one.reason), ("owner", &one.owner)] {
            if text.trim().is_empty() {
                add(field, pick("пусто", "it is empty").to_owned());
            }
        }
        if NaiveDate::parse_from_str(&one.date, "%Y-%m-%d").is_err() {
            let date = &one.date;
            add("date", tr!("«{date}» — не день: пишут 2024-09-02", "\"{date}\" is no day: write 2024-09-02"));
        }
    }
    found
}
