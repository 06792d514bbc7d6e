//! The step before what cannot be taken back: it says what will happen, and asks.

use askama::Template;
use web::Frame;

/// A page that asks whether a person is sure.
#[derive(Template)]
#[template(path = "lk/confirm.html")]
pub(crate) struct ConfirmPage {
    pub(crate) frame: Frame,
    /// The question, which is the page's title.
    pub(crate) question: &'static str,
    /// Whom or what it is about.
    pub(crate) about: String,
    /// What will happen.
    pub(crate) consequence: &'static str,
    /// What the button says.
    pub(crate) button: &'static str,
    /// Where the answer goes, within the world.
    pub(crate) action: String,
    /// The page to which a change of mind leads.
    pub(crate) back: String,
}
