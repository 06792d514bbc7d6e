//! Targets on a page, as steps name them, and errors of a browser.

/// Error of a browser: a wrong answer, or none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// The page has no such thing. A wrong answer.
    #[error("{0}")]
    NotThere(String),
    /// A server does not answer, or no browser can be had. Nothing could be asked, by nobody.
    #[error("{0}")]
    Unreachable(String),
    /// This browser alone does not answer any more: its session is gone, or a page in it does not come. Others may go on.
    #[error("{0}")]
    Lost(String),
}

/// Something on a page, named as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'t> {
    /// Text of a button or link, label of a field.
    pub text: &'t str,
    /// A text beside which it stands, when the page has several.
    pub near: Option<&'t str>,
}

impl<'t> From<&'t str> for Target<'t> {
    fn from(text: &'t str) -> Self {
        Self { text, near: None }
    }
}

/// Kind of a thing on a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Button,
    Link,
    Field,
}

/// The words for a kind of thing: English singular and plural, Russian genitive singular and plural.
pub(super) struct Words {
    pub(super) kind: &'static str,
    pub(super) kinds: &'static str,
    pub(super) genitive: &'static str,
    pub(super) many: &'static str,
}

impl Kind {
    pub(super) const fn words(self) -> Words {
        match self {
            Self::Button => Words { kind: "button", kinds: "buttons", genitive: "кнопки", many: "кнопок" },
            Self::Link => Words { kind: "link", kinds: "links", genitive: "ссылки", many: "ссылок" },
            Self::Field => Words { kind: "field", kinds: "fields", genitive: "поля", many: "полей" },
        }
    }
}
