//! What a browser is told to use, and why it could not.

/// Why a browser did not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BrowserError {
    /// The page has no such thing. A wrong answer.
    #[error("{0}")]
    NotThere(String),
    /// The server or the browser does not answer. Nothing could be asked.
    #[error("{0}")]
    Unreachable(String),
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
