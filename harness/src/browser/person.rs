//! A person's browser, whichever way pages are shown.

use std::{path::Path, rc::Rc};

use async_trait::async_trait;
use url::Url;

use super::{BrowserError, Download, Page, Target};
use crate::{race::Turn, words::of_system};

/// One person's browser.
#[async_trait(?Send)]
pub trait Browser {
    /// Goes to an address.
    ///
    /// # Errors
    /// When nobody answers there.
    async fn open(&mut self, url: &Url) -> Result<(), BrowserError>;

    /// Goes back to the page before.
    ///
    /// # Errors
    /// When there was none.
    async fn back(&mut self) -> Result<(), BrowserError>;

    /// Looks at the page anew: opens it again where no script changes it.
    ///
    /// # Errors
    /// When nobody answers there.
    async fn refresh(&mut self) -> Result<(), BrowserError>;

    /// Gets the file to which a link or a button leads; the page stays.
    ///
    /// # Errors
    /// When there is none, or nobody answers.
    async fn download(&mut self, what: Target<'_>) -> Result<Download, BrowserError>;

    /// Presses a button, or a link that has exactly this text.
    ///
    /// # Errors
    /// When there is none, or several.
    async fn press(&mut self, what: Target<'_>) -> Result<(), BrowserError>;

    /// Follows the link that has this text, or else the only one whose text has it as whole words.
    ///
    /// # Errors
    /// When there is none, or several that lead to different places.
    async fn follow(&mut self, what: Target<'_>) -> Result<(), BrowserError>;

    /// Types into a field, in place of what is there; picks an option in a list.
    ///
    /// # Errors
    /// When there is no field with this label, or no such option.
    async fn fill(&mut self, field: Target<'_>, value: &str) -> Result<(), BrowserError>;

    /// Sets or clears a checkbox, picks a radio button.
    ///
    /// # Errors
    /// When there is none with this label.
    async fn check(&mut self, field: Target<'_>, on: bool) -> Result<(), BrowserError>;

    /// The page that is open now.
    ///
    /// # Errors
    /// When the browser does not answer.
    async fn page(&mut self) -> Result<Rc<Page>, BrowserError>;

    /// A picture of the page as PNG, where there are pictures.
    ///
    /// # Errors
    /// When it cannot be taken.
    async fn picture(&mut self) -> Result<Option<Vec<u8>>, BrowserError> {
        Ok(None)
    }

    /// Saves a picture of the page as PNG, where there are pictures.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    async fn screenshot(&mut self, file: &Path) -> Result<(), BrowserError> {
        let Some(picture) = self.picture().await? else { return Ok(()) };
        let unwritten = |error| BrowserError::Unreachable(format!("{}: {}", file.display(), of_system(&error)));
        tokio::fs::write(file, picture).await.map_err(unwritten)
    }

    /// What the page's console complains about since this was last asked: scripts that fail, things that are blocked or
    /// missing. Pages that are read over plain HTTP have no console.
    ///
    /// # Errors
    /// When the browser does not answer.
    async fn console_errors(&mut self) -> Result<Vec<String>, BrowserError> {
        Ok(Vec::new())
    }

    /// Another tab: a page of its own, and the same cookies.
    ///
    /// # Errors
    /// When it does not open.
    async fn tab(&mut self) -> Result<Box<dyn Browser>, BrowserError>;

    /// Lets each request, or each press and opened page where requests are not seen, wait for this turn.
    ///
    /// # Errors
    /// When requests cannot be sent one by one.
    fn take_turns(&mut self, turn: Turn) -> Result<(), BrowserError>;

    /// Lets requests leave at once again.
    fn leave_turns(&mut self);

    /// Ends the browser.
    async fn close(&mut self) {}
}
