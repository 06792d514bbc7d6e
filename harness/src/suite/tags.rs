//! Tag expressions: `@R000.11 and not @browser`.

use std::{fmt, str::FromStr};

use crate::language::{pick, tr};
use cucumber::tag::Ext as _;
use gherkin::tagexpr::TagOperation;

/// Tag expression that chooses scenarios.
#[derive(Debug, Clone)]
pub struct Tags(TagOperation);

/// Error of a text that is not a tag expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagsError {
    written: String,
    column: usize,
    /// Corrected expression; empty if there is none.
    meant: String,
}

impl std::error::Error for TagsError {}

impl fmt::Display for TagsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { written, column, meant } = self;
        f.write_str(&match meant.as_str() {
            "" => tr!(
                "«{written}» — не выражение из тегов (знак {column})",
                "\"{written}\" is no tag expression (character {column})"
            ),
            meant => tr!(
                "«{written}» — не выражение из тегов (знак {column}); может быть: «{meant}»",
                "\"{written}\" is no tag expression (character {column}); did you mean \"{meant}\"?"
            ),
        })?;
        f.write_str(pick(
            "; например: «@R000.11 and not (@slow or @browser)»",
            "; for example: \"@R000.11 and not (@slow or @browser)\"",
        ))
    }
}

impl FromStr for Tags {
    type Err = TagsError;

    fn from_str(written: &str) -> Result<Self, TagsError> {
        written.trim().parse().map(Self).map_err(|error: peg_error::Error| {
            let plain = in_english(written);
            let meant = (plain != written.trim() && plain.parse::<TagOperation>().is_ok()).then_some(plain);
            TagsError { written: written.to_owned(), column: error.location.column, meant: meant.unwrap_or_default() }
        })
    }
}

/// Translates the operators into those of tag expressions (`and`, `or`, `not`) and puts `@` before each tag.
fn in_english(written: &str) -> String {
    let spaced = written.replace('(', " ( ").replace(')', " ) ").replace(',', " or ");
    let word = |word: &str| match word.to_lowercase().as_str() {
        "и" | "and" | "&&" | "&" => "and".to_owned(),
        "или" | "or" | "||" | "|" => "or".to_owned(),
        "не" | "not" | "!" => "not".to_owned(),
        "(" | ")" => word.to_owned(),
        _ => match word.split_at_checked(1) {
            Some(("!" | "~", tag)) => format!("not @{}", tag.trim_start_matches('@')),
            _ => format!("@{}", word.trim_start_matches('@')),
        },
    };
    let words: Vec<_> = spaced.split_whitespace().map(word).collect();
    words.join(" ").replace("( ", "(").replace(" )", ")")
}

/// Names the parser's error type by `FromStr::Err`.
mod peg_error {
    pub(super) type Error = <gherkin::tagexpr::TagOperation as std::str::FromStr>::Err;
}

impl Tags {
    /// Checks whether the expression chooses a scenario with these tags (without `@`).
    pub fn choose<'t>(&self, tags: impl Iterator<Item = &'t String> + Clone) -> bool {
        self.0.eval(tags)
    }
}
