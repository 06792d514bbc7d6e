//! Targets on a page, as steps name them, and errors of a browser.

/// Error of a browser: a wrong page, or no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// The page lacks the element, or shows something else: a wrong answer.
    #[error("{0}")]
    NotThere(String),
    /// A server does not answer, or no browser can be started: the whole run cannot go on.
    #[error("{0}")]
    Unreachable(String),
    /// This browser does not answer any more: its session is lost, or a page does not load. Other scenarios can go on.
    #[error("{0}")]
    Lost(String),
}

/// Element of a page, as a person names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Target<'t> {
    /// Text of a button or link, or label of a field.
    pub text: &'t str,
    /// Text next to the element, if the page has several.
    pub near: Option<&'t str>,
}

impl<'t> From<&'t str> for Target<'t> {
    fn from(text: &'t str) -> Self {
        Self { text, near: None }
    }
}

/// Kind of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Button,
    Link,
    Field,
}

/// Names of a kind: English singular and plural, Russian genitive singular and plural.
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
