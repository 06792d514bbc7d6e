//! The step before what cannot be taken back: it says what will happen, and asks.

use askama::Template;

use crate::Frame;

/// A page that asks whether a person is sure.
#[derive(Template)]
#[template(path = "confirm.html")]
pub struct ConfirmPage {
    /// What stands around it.
    pub frame: Frame,
    /// Class of the page's body, as `grey`; empty for the site's own colour.
    pub tone: &'static str,
    /// The question, which is the page's title.
    pub question: &'static str,
    /// Whom or what it is about.
    pub about: String,
    /// What will happen.
    pub consequence: &'static str,
    /// What the button says.
    pub button: &'static str,
    /// Where the answer goes, within the world.
    pub action: String,
    /// The page to which a change of mind leads.
    pub back: String,
}
