//! Tag expressions: `@R000.11 and not @browser`.

use std::str::FromStr;

use cucumber::tag::Ext as _;
use gherkin::tagexpr::TagOperation;

/// Which scenarios to play.
#[derive(Debug, Clone)]
pub struct Tags(TagOperation);

/// Not a tag expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("«{written}» — не выражение из тегов (знак {column}){meant}; например: «@R000.11 and not (@slow or @browser)»")]
pub struct TagsError {
    written: String,
    column: usize,
    meant: String,
}

impl FromStr for Tags {
    type Err = TagsError;

    fn from_str(written: &str) -> Result<Self, TagsError> {
        written.trim().parse().map(Self).map_err(|error: peg_error::Error| {
            let plain = in_english(written);
            let meant = (plain != written.trim() && plain.parse::<TagOperation>().is_ok())
                .then(|| format!("; может быть: «{plain}»"));
            TagsError { written: written.to_owned(), column: error.location.column, meant: meant.unwrap_or_default() }
        })
    }
}

/// The expression with the words that the language has, and with `@` before each tag.
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

/// The parser's own error, named through the trait that yields it.
mod peg_error {
    pub(super) type Error = <gherkin::tagexpr::TagOperation as std::str::FromStr>::Err;
}

impl Tags {
    /// Whether a scenario with these tags (written without `@`) is chosen.
    pub fn choose<'t>(&self, tags: impl Iterator<Item = &'t String> + Clone) -> bool {
        self.0.eval(tags)
    }
}
