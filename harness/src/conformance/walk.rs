//! The way of one person through the pages of a client and of its provider.

use std::time::Duration;

use url::Url;

use super::{
    end::End,
    shown::{Shown, shown},
};
use crate::{
    browser::{Browser as _, BrowserError, Held, HttpBrowser, Page},
    net,
    relying_party::{Client, Place, Sign},
};

/// Most pages of the provider that one sign-in goes through.
const PAGES: usize = 6;
/// Time limit for one page: longer than a right client lets anybody wait.
const PAGE_PATIENCE: Duration = Duration::from_secs(35);
/// Words of the provider's own pages.
const CONSENT: &str = "Предоставить";
const LOGIN: &str = "Телефон / Email / СНИЛС";
const AS_PERSON: &str = "Частное лицо";
const SIGN_OUT: &str = "Выйти";

/// A client in one of its worlds, and its provider there.
pub(super) struct Walk<'w> {
    pub(super) client: &'w Client,
    pub(super) world: &'w str,
    pub(super) provider: &'w Url,
}

/// Where a walk came to.
pub(super) struct Arrival {
    pub(super) end: End,
    pub(super) page: Shown,
    /// Whether the page looks like a refusal.
    pub(super) refused: bool,
}

impl Walk<'_> {
    /// The address where a sign-in starts.
    pub(super) fn start(&self) -> String {
        self.client.at(self.world, &self.client.sign_in.open).map(|url| url.to_string()).unwrap_or_default()
    }

    /// A fresh browser.
    pub(super) fn browser(&self) -> Result<HttpBrowser, BrowserError> {
        HttpBrowser::patient(net::is_loopback(self.provider), PAGE_PATIENCE)
    }

    /// A fresh browser that stops where the provider sends it back.
    pub(super) fn held_browser(&self) -> Result<(HttpBrowser, Held), BrowserError> {
        HttpBrowser::held(net::is_loopback(self.provider), PAGE_PATIENCE, self.provider)
    }

    /// From the start of the sign-in through the pages of the provider to the client's own. `link` signs the browser in at the
    /// provider.
    pub(super) async fn go(&self, browser: &mut HttpBrowser, link: &Url) -> Result<End, BrowserError> {
        browser.open(link).await?;
        if let Err(stuck) = self.visit(browser, &self.client.sign_in).await? {
            return Ok(stuck);
        }
        for _ in 0..PAGES {
            let page = browser.page().await?;
            if !self.is_of_provider(&page) {
                return Ok(End::Returned);
            }
            if !answer(browser, &page).await? {
                return Ok(End::AtProvider(page.title()));
            }
        }
        let page = browser.page().await?;
        Ok(if self.is_of_provider(&page) { End::AtProvider(page.title()) } else { End::Returned })
    }

    /// The same with a browser that is held where the provider sends it back: the address there. None where it is not sent.
    pub(super) async fn away(&self, browser: &mut HttpBrowser, held: &Held) -> Result<Option<Url>, BrowserError> {
        if self.visit(browser, &self.client.sign_in).await?.is_err() {
            return Ok(None);
        }
        for _ in 0..PAGES {
            if let Some(back) = held.take() {
                return Ok(Some(back));
            }
            let page = browser.page().await?;
            if !self.is_of_provider(&page) || !answer(browser, &page).await? {
                break;
            }
        }
        Ok(held.take())
    }

    /// Goes back to the client, and on where it sends the browser away once more.
    pub(super) async fn back(&self, browser: &mut HttpBrowser, held: &Held, to: &Url) -> Result<(), BrowserError> {
        browser.open(to).await?;
        for _ in 0..PAGES {
            let Some(next) = held.take() else { break };
            browser.open(&next).await?;
        }
        Ok(())
    }

    /// Signs out at the client, and says yes where the provider asks.
    pub(super) async fn leave(&self, browser: &mut HttpBrowser) -> Result<Option<End>, BrowserError> {
        if let Err(stuck) = self.visit(browser, &self.client.sign_out).await? {
            return Ok(Some(stuck));
        }
        let page = browser.page().await?;
        if self.is_of_provider(&page) && page.has("logout") {
            browser.press(SIGN_OUT.into()).await?;
        }
        Ok(None)
    }

    /// Signs out at the provider, in its own personal account.
    pub(super) async fn leave_provider(&self, browser: &mut HttpBrowser) -> Result<(), BrowserError> {
        let account = self.provider.join("lk").map_err(|error| BrowserError::NotThere(error.to_string()))?;
        browser.open(&account).await?;
        browser.press(SIGN_OUT.into()).await
    }

    /// Opens a page of the client and presses what is to be pressed there; what is not there ends the walk.
    async fn visit(&self, browser: &mut HttpBrowser, place: &Place) -> Result<Result<(), End>, BrowserError> {
        self.open(browser, &place.open).await?;
        let Some(press) = &place.press else { return Ok(Ok(())) };
        match browser.press(press.as_str().into()).await {
            Err(BrowserError::NotThere(why)) => Ok(Err(End::Stuck(why))),
            other => other.map(Ok),
        }
    }

    pub(super) async fn open(&self, browser: &mut HttpBrowser, path: &str) -> Result<(), BrowserError> {
        let url = self.client.at(self.world, path).map_err(|error| BrowserError::NotThere(error.to_string()))?;
        browser.open(&url).await
    }

    /// Whether the client shows a sign, on the page that the sign names or on the one that is open.
    pub(super) async fn sees(&self, browser: &mut HttpBrowser, sign: &Sign) -> bool {
        if let Some(path) = &sign.open
            && self.open(browser, path).await.is_err()
        {
            return false;
        }
        browser.page().await.is_ok_and(|page| page.status().unwrap_or(200) < 400 && self.has(&page, sign))
    }

    /// What stands on the page that is open.
    pub(super) async fn arrived(&self, browser: &mut HttpBrowser, end: End) -> Arrival {
        let page = browser.page().await;
        let is_open = page.as_ref().is_ok_and(|page| matches!(page.url().scheme(), "http" | "https"));
        match page {
            Ok(page) if is_open => Arrival { end, page: shown(&page), refused: self.has(&page, &self.client.refused) },
            _ => Arrival { end, page: Shown::default(), refused: false },
        }
    }

    fn has(&self, page: &Page, sign: &Sign) -> bool {
        self.client.home(self.world).is_ok_and(|base| sign.is_on(page, &base))
    }

    fn is_of_provider(&self, page: &Page) -> bool {
        page.url().as_str().starts_with(self.provider.as_str())
    }
}

/// Answers what the provider asks on a page on the way back; whether there was something to answer.
async fn answer(browser: &mut HttpBrowser, page: &Page) -> Result<bool, BrowserError> {
    let press = if page.has("consent") {
        CONSENT
    } else if !page.has_field(LOGIN) && page.url().path().ends_with("/login/role") {
        AS_PERSON
    } else {
        return Ok(false);
    };
    browser.press(press.into()).await?;
    Ok(true)
}
