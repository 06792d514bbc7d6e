//! Numbers on the command line, with error messages in the language of the run.

use std::{borrow::Cow, fmt, num::NonZeroU64, str::FromStr, time::Duration};

use chrono::TimeDelta;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Serialize};

use crate::language::tr;

/// Parses a count: a number from 1 to 65535.
///
/// # Errors
/// Fails for text that is not such a number.
pub(super) fn times(text: &str) -> Result<u16, String> {
    let most = u16::MAX;
    let number = text.parse().ok().filter(|times| *times > 0);
    number.ok_or_else(|| tr!("нужно целое число, 1 … {most}", "a whole number is needed, 1 … {most}"))
}

/// Parses a non-negative whole number.
///
/// # Errors
/// Fails for text that is not such a number.
pub(super) fn whole(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| tr!("нужно целое число от 0", "a whole number from 0 is needed"))
}

/// Parses a positive whole number.
///
/// # Errors
/// Fails for text that is not such a number.
pub(super) fn above_zero(text: &str) -> Result<NonZeroU64, String> {
    text.parse().map_err(|_| tr!("нужно целое число от 1", "a whole number from 1 is needed"))
}

/// Duration such as `7days` or `12h`, from a second to a hundred years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Term(Duration);

/// Longest duration in seconds.
const CENTURY: u64 = 36_525 * 24 * 60 * 60;

impl Term {
    /// Returns the duration in the type that worlds use.
    pub(crate) fn delta(self) -> TimeDelta {
        TimeDelta::from_std(self.0).unwrap_or(TimeDelta::MAX)
    }
}

impl FromStr for Term {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = humantime::parse_duration(text).ok();
        let term = parsed.filter(|term| (1..=CENTURY).contains(&term.as_secs()));
        term.map(Self).ok_or_else(|| {
            tr!(
                "нужно время от 1s до 100years, например 7days или 12h",
                "a time from 1s to 100years is needed, as 7days or 12h"
            )
        })
    }
}

impl fmt::Display for Term {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Without blanks, so that it is one argument of a command line.
        f.write_str(&humantime::format_duration(self.0).to_string().replace(' ', ""))
    }
}

impl TryFrom<String> for Term {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|why| tr!("«{text}» — {why}", "\"{text}\": {why}"))
    }
}

impl From<Term> for String {
    fn from(term: Term) -> Self {
        term.to_string()
    }
}

impl JsonSchema for Term {
    fn schema_name() -> Cow<'static, str> {
        "Term".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "examples": ["7days", "12h"] })
    }
}

/// Part of the scenarios of a run, as `2/5`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Shard {
    /// Part that is played, from 1.
    pub part: u16,
    /// Number of parts.
    pub of: u16,
}

impl Shard {
    /// Checks whether the scenario with this index, from 0, belongs to the part. Scenarios are dealt out in turn, so
    /// that parts take about the same time.
    pub fn has(self, index: usize) -> bool {
        index % usize::from(self.of) == usize::from(self.part) - 1
    }
}

impl FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.trim().parse::<u16>().ok().filter(|number| *number > 0);
        let read = text.split_once('/').and_then(|(part, of)| Some(Self { part: number(part)?, of: number(of)? }));
        read.filter(|shard| shard.part <= shard.of).ok_or_else(|| {
            tr!(
                "нужны номер части и число частей, например 2/5 — вторая из пяти",
                "the part and the number of parts are needed, as 2/5, the second of five"
            )
        })
    }
}

impl TryFrom<String> for Shard {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse().map_err(|why| tr!("«{text}» — {why}", "\"{text}\": {why}"))
    }
}

impl From<Shard> for String {
    fn from(shard: Shard) -> Self {
        shard.to_string()
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.part, self.of)
    }
}

impl JsonSchema for Shard {
    fn schema_name() -> Cow<'static, str> {
        "Shard".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9]+/[0-9]+$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_read_and_written_as_people_say_it() {
        for (said, told) in [("7days", "7days"), ("12h", "12h"), ("90 min", "1h30m"), ("1s", "1s")] {
            let term: Term = said.parse().unwrap();
            assert_eq!(term.to_string(), told);
            assert_eq!(told.parse(), Ok(term));
        }
        for wrong in ["", "7", "days", "-1h", "10ms", "101years"] {
            let why = wrong.parse::<Term>().unwrap_err();
            assert_eq!(why, "нужно время от 1s до 100years, например 7days или 12h", "{wrong}");
        }
    }

    #[test]
    fn parts_share_all_scenarios_and_each_has_its_own() {
        let parts: Vec<Shard> = ["1/3", "2/3", "3/3"].map(|text| text.parse().unwrap()).into();
        for index in 0..20 {
            assert_eq!(parts.iter().filter(|part| part.has(index)).count(), 1, "{index}");
        }
        assert!("1/1".parse::<Shard>().unwrap().has(7));
    }

    #[test]
    fn a_part_that_there_is_not_says_how_parts_are_written() {
        for wrong in ["", "2", "0/5", "6/5", "2/0", "a/b", "-1/5", "1/70000"] {
            assert!(wrong.parse::<Shard>().unwrap_err().contains("2/5"), "{wrong}");
        }
    }
}
