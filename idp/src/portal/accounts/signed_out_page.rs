//! The page of somebody who has signed out.

use askama::Template;
use web::{Frame, Page};

#[derive(Template)]
#[template(path = "oauth/signed-out.html")]
pub(crate) struct SignedOutPage {
    frame: Frame,
    /// Why the browser was not sent back.
    stayed: Option<String>,
}

impl SignedOutPage {
    /// Nothing asked to be sent back.
    pub(crate) fn done(frame: Frame) -> Page<Self> {
        Page(Self { frame, stayed: None })
    }

    /// The browser was not sent back, for this reason.
    pub(crate) fn stayed(frame: Frame, reason: String) -> Page<Self> {
        Page(Self { frame, stayed: Some(reason) })
    }
}
