//! Tag expressions: `@R000.11 and not @browser`.

use std::str::FromStr;

use cucumber::tag::Ext as _;
use gherkin::tagexpr::TagOperation;

/// Which scenarios to play.
#[derive(Debug, Clone)]
pub struct Tags(TagOperation);

/// Not a tag expression.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{written:?} is not a tag expression: column {column}; for example: \"@R000.11 and not (@slow or @browser)\"")]
pub struct TagsError {
    written: String,
    column: usize,
}

impl FromStr for Tags {
    type Err = TagsError;

    fn from_str(written: &str) -> Result<Self, TagsError> {
        let parsed = written.trim().parse();
        parsed
            .map(Self)
            .map_err(|error: peg_error::Error| TagsError { written: written.to_owned(), column: error.location.column })
    }
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
