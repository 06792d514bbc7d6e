//! Interface of a person's browser, for pages over plain HTTP and in a real browser.

use std::{path::Path, rc::Rc};

use async_trait::async_trait;
use url::Url;

use super::{BrowserError, Download, Page, Target};
use crate::{race::Turn, words::of_system};

/// Browser of one person, or one of its tabs.
#[async_trait(?Send)]
pub trait Browser {
    /// Opens a URL.
    ///
    /// # Errors
    /// Fails if no server answers.
    async fn open(&mut self, url: &Url) -> Result<(), BrowserError>;

    /// Goes back to the previous page.
    ///
    /// # Errors
    /// Fails if there is none.
    async fn back(&mut self) -> Result<(), BrowserError>;

    /// Looks at the page again: loads it again if no script can change it.
    ///
    /// # Errors
    /// Fails if no server answers.
    async fn refresh(&mut self) -> Result<(), BrowserError>;

    /// Downloads the file of a link or a button; the page stays open.
    ///
    /// # Errors
    /// Fails if there is no such link or button, or if no server answers.
    async fn download(&mut self, what: Target<'_>) -> Result<Download, BrowserError>;

    /// Presses a button, or a link that has exactly this text.
    ///
    /// # Errors
    /// Fails if there is none, or more than one.
    async fn press(&mut self, what: Target<'_>) -> Result<(), BrowserError>;

    /// Follows the link that has this text, or else the only one that contains it as whole words.
    ///
    /// # Errors
    /// Fails if there is none, or if several lead to different URLs.
    async fn follow(&mut self, what: Target<'_>) -> Result<(), BrowserError>;

    /// Types into a field, replacing its value, or picks an option of a list.
    ///
    /// # Errors
    /// Fails if there is no field with this label, or no such option.
    async fn fill(&mut self, field: Target<'_>, value: &str) -> Result<(), BrowserError>;

    /// Sets or clears a checkbox, or picks a radio button.
    ///
    /// # Errors
    /// Fails if there is none with this label.
    async fn check(&mut self, field: Target<'_>, on: bool) -> Result<(), BrowserError>;

    /// Returns the page that is open.
    ///
    /// # Errors
    /// Fails if the browser does not answer.
    async fn page(&mut self) -> Result<Rc<Page>, BrowserError>;

    /// Takes a picture of the page as PNG; `None` if the browser has no screen.
    ///
    /// # Errors
    /// Fails if it cannot be taken.
    async fn picture(&mut self) -> Result<Option<Vec<u8>>, BrowserError> {
        Ok(None)
    }

    /// Saves a picture of the page as PNG; does nothing if the browser has no screen.
    ///
    /// # Errors
    /// Fails if it cannot be taken or written.
    async fn screenshot(&mut self, file: &Path) -> Result<(), BrowserError> {
        let Some(picture) = self.picture().await? else { return Ok(()) };
        let unwritten = |error| BrowserError::Unreachable(format!("{}: {}", file.display(), of_system(&error)));
        tokio::fs::write(file, picture).await.map_err(unwritten)
    }

    /// Returns errors in the console since the last call: scripts that fail, resources that are blocked or missing. A
    /// browser over plain HTTP has no console.
    ///
    /// # Errors
    /// Fails if the browser does not answer.
    async fn console_errors(&mut self) -> Result<Vec<String>, BrowserError> {
        Ok(Vec::new())
    }

    /// Opens another tab with a page of its own and the same cookies.
    ///
    /// # Errors
    /// Fails if the tab does not open.
    async fn tab(&mut self) -> Result<Box<dyn Browser>, BrowserError>;

    /// Makes each request wait for a turn; in a real browser each press and each opened page.
    ///
    /// # Errors
    /// Fails if requests cannot be sent one by one.
    fn take_turns(&mut self, turn: Turn) -> Result<(), BrowserError>;

    /// Lets requests be sent at once again.
    fn leave_turns(&mut self);

    /// Ends the browser; does nothing over plain HTTP.
    async fn close(&mut self) {}
}
