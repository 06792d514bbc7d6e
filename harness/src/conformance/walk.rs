//! Way of one person through the pages of a client and of its provider.

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

/// Maximum number of the provider's pages in one sign-in.
const PAGES: usize = 6;
/// Time limit for one page: longer than a person waits for a correct client.
const PAGE_PATIENCE: Duration = Duration::from_secs(35);
/// Texts on the provider's own pages.
const CONSENT: &str = "Предоставить";
const LOGIN: &str = "Телефон / Email / СНИЛС";
const AS_PERSON: &str = "Частное лицо";
const SIGN_OUT: &str = "Выйти";

/// Client in one of its worlds, and its provider there.
pub(super) struct Walk<'w> {
    pub(super) client: &'w Client,
    pub(super) world: &'w str,
    pub(super) provider: &'w Url,
}

/// Page at which a walk has ended.
pub(super) struct Arrival {
    pub(super) end: End,
    pub(super) page: Shown,
    /// Whether the page shows a refusal.
    pub(super) refused: bool,
}

impl Walk<'_> {
    /// Address at which a sign-in starts.
    pub(super) fn start(&self) -> String {
        self.client.at(self.world, &self.client.sign_in.open).map(|url| url.to_string()).unwrap_or_default()
    }

    /// Creates a fresh browser.
    pub(super) fn browser(&self) -> Result<HttpBrowser, BrowserError> {
        HttpBrowser::patient(net::is_loopback(self.provider), PAGE_PATIENCE)
    }

    /// Creates a fresh browser that stops where the provider redirects back to the client.
    pub(super) fn held_browser(&self) -> Result<(HttpBrowser, Held), BrowserError> {
        HttpBrowser::held(net::is_loopback(self.provider), PAGE_PATIENCE, self.provider)
    }

    /// Goes from the start of the sign-in through the pages of the provider back to the client. `link` signs the
    /// browser in at the provider.
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

    /// Goes from the start of the sign-in until the provider redirects back, and returns that address. `None` if it
    /// does not redirect.
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

    /// Opens the address at the client, and follows further redirects to it.
    pub(super) async fn back(&self, browser: &mut HttpBrowser, held: &Held, to: &Url) -> Result<(), BrowserError> {
        browser.open(to).await?;
        for _ in 0..PAGES {
            let Some(next) = held.take() else { break };
            browser.open(&next).await?;
        }
        Ok(())
    }

    /// Signs out at the client, and confirms if the provider asks.
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

    /// Signs out at the provider, in its personal account.
    pub(super) async fn leave_provider(&self, browser: &mut HttpBrowser) -> Result<(), BrowserError> {
        let account = self.provider.join("lk").map_err(|error| BrowserError::NotThere(error.to_string()))?;
        browser.open(&account).await?;
        browser.press(SIGN_OUT.into()).await
    }

    /// Opens a page of the client and presses the button or link that the description names. The inner error ends the
    /// walk: the page lacks the control.
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

    /// Checks whether the client shows a sign, on the page that the sign names or on the open one.
    pub(super) async fn sees(&self, browser: &mut HttpBrowser, sign: &Sign) -> bool {
        if let Some(path) = &sign.open
            && self.open(browser, path).await.is_err()
        {
            return false;
        }
        browser.page().await.is_ok_and(|page| page.status().unwrap_or(200) < 400 && self.has(&page, sign))
    }

    /// Describes the page that is open.
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

/// Answers a question of the provider on the way back; returns whether there was one.
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
