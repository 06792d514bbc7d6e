//! Page shown after sign-out.

use askama::Template;
use web::{Frame, Page};

#[derive(Template)]
#[template(path = "oauth/signed-out.html")]
pub(crate) struct SignedOutPage {
    frame: Frame,
    /// Reason why the browser was not redirected back to the client.
    stayed: Option<String>,
}

impl SignedOutPage {
    /// Creates the page for a sign-out without a requested redirect.
    pub(crate) fn done(frame: Frame) -> Page<Self> {
        Page(Self { frame, stayed: None })
    }

    /// Creates the page for a redirect that was refused, with the reason.
    pub(crate) fn stayed(frame: Frame, reason: String) -> Page<Self> {
        Page(Self { frame, stayed: Some(reason) })
    }
}
