//! Real browser: the same pages, texts and buttons, shown by Chromium or Firefox on a screen.

use std::{rc::Rc, sync::Arc, time::Duration};

use async_trait::async_trait;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use scraper::ElementRef;
use serde_json::{Value, json};
use thirtyfour::{
    By, WebDriver, WebElement, WindowHandle,
    error::{WebDriverError, WebDriverErrorInner},
    extensions::addons::firefox::FirefoxTools,
    prelude::ElementWaitable as _,
};
use url::Url;

use super::{
    Browser, BrowserError, Download, Driver, Engine, Page, Target, Viewport,
    driver::Session,
    launch::Launched,
    page,
    session::{end, is_unknown, show_on},
};
use crate::{language::tr, race::Turn};

/// Time limit for the next page after a click.
const PATIENCE: Duration = Duration::from_secs(10);
/// Script that returns the HTTP status of the open page (W3C Navigation Timing).
const STATUS: &str =
    "const [page] = performance.getEntriesByType('navigation'); return page ? page.responseStatus : 0;";
/// Script that returns the document in HTML, with the attribute `hidden` at what its styles hide: a copy, so that the page of
/// others stays as it is.
const DOCUMENT: &str = "const all = document.documentElement, copy = all.cloneNode(true), within = 'body *';
const copies = copy.querySelectorAll(within);
all.querySelectorAll(within).forEach((element, at) => {
    const { display, visibility } = getComputedStyle(element);
    if (display === 'none' || (visibility !== 'visible' && !element.children.length)) copies[at].setAttribute('hidden', '');
});
return copy.outerHTML;";
/// Script that downloads a file with the cookies of the page.
const GET: &str = "const [url, done] = arguments; fetch(url, { credentials: 'include' }).then(async (answer) => done({ status: \
                   answer.status, url: answer.url, disposition: answer.headers.get('content-disposition'), text: await \
                   answer.text() }), (error) => done({ error: String(error) }));";
/// Interval between checks whether the page has changed.
const INTERVAL: Duration = Duration::from_millis(20);

/// Session of a real browser. [`Page`] finds elements in the browser's current document; the browser performs the
/// actions.
#[derive(Debug)]
pub struct RealBrowser {
    driver: WebDriver,
    engine: Engine,
    viewport: Viewport,
    /// Driver that runs for this session alone.
    own: Option<Launched>,
    /// Tab of this browser, if the session has several.
    tab: Option<WindowHandle>,
    /// Whether the session belongs to another browser, which ends it.
    is_guest: bool,
    /// Turn for which each press and each opened page waits in a race.
    turn: Option<Turn>,
}

impl RealBrowser {
    /// Starts a browser.
    ///
    /// # Errors
    /// Fails if it does not start.
    pub async fn new(driver: &Driver) -> Result<Self, BrowserError> {
        let (Session { driver: session, own }, wanted) = (driver.session().await?, driver.wanted());
        let (engine, viewport) = (wanted.engine, wanted.viewport);
        Ok(Self { driver: session, engine, viewport, own, tab: None, is_guest: false, turn: None })
    }

    fn broken(&self, error: &WebDriverError) -> BrowserError {
        broken(self.engine, error)
    }

    /// Waits for its turn, if it is in a race.
    async fn turn(&self) {
        if let Some(turn) = &self.turn {
            turn.come().await;
        }
    }

    /// Switches to its tab, if the session has several.
    async fn front(&self) -> Result<(), BrowserError> {
        match &self.tab {
            Some(tab) => self.driver.switch_to_window(tab.clone()).await.map_err(|error| self.broken(&error)),
            None => Ok(()),
        }
    }

    async fn element(&self, path: &str) -> Result<WebElement, BrowserError> {
        self.driver.find(By::Css(path)).await.map_err(|error| self.broken(&error))
    }

    /// Clicks an element that leads to another page, and waits until the current page is gone, which the click itself
    /// does not do. Folded parents, such as a menu on a phone, are unfolded first.
    async fn leave_by(&self, what: ElementRef<'_>) -> Result<(), BrowserError> {
        let document = self.element("html").await?;
        for summary in page::folds_of(what) {
            self.element(&summary).await?.click().await.map_err(|error| self.broken(&error))?;
        }
        self.element(&page::path_of(what)).await?.click().await.map_err(|error| self.broken(&error))?;
        let gone = document.wait_until().wait(PATIENCE, INTERVAL).stale().await;
        gone.map_err(|_| {
            BrowserError::NotThere(tr!(
                "страница после нажатия не сменилась",
                "the page did not change after the press"
            ))
        })
    }

    /// Sets the value of a date field by a script, because its keys depend on the system's language.
    async fn set(&self, element: &WebElement, value: &str) -> Result<(), BrowserError> {
        let element = element.to_json().map_err(|error| self.broken(&error))?;
        let script = "arguments[0].value = arguments[1]; arguments[0].dispatchEvent(new Event('change'));";
        let done = self.driver.execute(script, vec![element, value.into()]).await;
        done.map(|_| ()).map_err(|error| self.broken(&error))
    }
}

/// Checks whether a console error only says that a page itself has a 4xx status, like a form with a mistake in it. Such
/// a status is no fault; that of a missing stylesheet or picture is, and its URL has an extension.
fn is_refused_page(complaint: &str) -> bool {
    let Some((url, what)) = complaint.split_once(" - ") else { return false };
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let name = path.rsplit('/').next().unwrap_or_default();
    what.contains("the server responded with a status of 4") && !name.contains('.')
}

/// Sorts an error of the driver: a refusal of the browser, a lost session, or an unreachable server.
fn broken(engine: Engine, error: &WebDriverError) -> BrowserError {
    let (name, text) = (engine.name(), error.to_string());
    let is_lost = match error.as_inner() {
        WebDriverErrorInner::InvalidSessionId(_)
        | WebDriverErrorInner::NoSuchWindow(_)
        | WebDriverErrorInner::RequestFailed(_)
        | WebDriverErrorInner::HttpError(_)
        | WebDriverErrorInner::UnknownResponse(..)
        | WebDriverErrorInner::WebDriverTimeout(_)
        | WebDriverErrorInner::ScriptTimeout(_)
        | WebDriverErrorInner::FatalError(_) => true,
        _ => ["disconnected", "crashed", "not connected", "chrome not reachable", "marionette", "timed out"]
            .iter()
            .any(|sign| text.to_lowercase().contains(sign)),
    };
    if ["ERR_", "about:neterror"].iter().any(|sign| text.contains(sign)) {
        BrowserError::Unreachable(format!("{name}: {text}"))
    } else if is_lost {
        BrowserError::Lost(format!("{name}: {text}"))
    } else {
        BrowserError::NotThere(text)
    }
}

#[async_trait(?Send)]
impl Browser for RealBrowser {
    async fn open(&mut self, url: &Url) -> Result<(), BrowserError> {
        self.turn().await;
        self.front().await?;
        self.driver.goto(url.as_str()).await.map_err(|error| self.broken(&error))
    }

    async fn back(&mut self) -> Result<(), BrowserError> {
        self.turn().await;
        self.front().await?;
        self.driver.back().await.map_err(|error| self.broken(&error))
    }

    /// Does nothing: scripts change the page by themselves.
    async fn refresh(&mut self) -> Result<(), BrowserError> {
        Ok(())
    }

    async fn download(&mut self, what: Target<'_>) -> Result<Download, BrowserError> {
        self.turn().await;
        let page = self.page().await?;
        let link = page.link(what)?.attr("href").unwrap_or_default().to_owned();
        let url = page.url().join(&link).map_err(|error| BrowserError::NotThere(format!("{link}: {error}")))?;
        let told = self.driver.execute_async(GET, vec![url.as_str().into()]).await;
        let told = told.map_err(|error| self.broken(&error))?;
        let told = told.json();
        if let Some(error) = told["error"].as_str() {
            return Err(BrowserError::NotThere(format!("{url}: {error}")));
        }
        let status = told["status"].as_u64().and_then(|status| u16::try_from(status).ok()).unwrap_or_default();
        let found = told["url"].as_str().and_then(|found| found.parse().ok()).unwrap_or(url);
        let text = told["text"].as_str().unwrap_or_default().to_owned();
        Ok(Download::of(&found, status, text, told["disposition"].as_str()))
    }

    async fn press(&mut self, what: Target<'_>) -> Result<(), BrowserError> {
        self.turn().await;
        let page = self.page().await?;
        self.leave_by(page.button(what)?).await
    }

    async fn follow(&mut self, what: Target<'_>) -> Result<(), BrowserError> {
        self.turn().await;
        let page = self.page().await?;
        self.leave_by(page.link(what)?).await
    }

    async fn fill(&mut self, field: Target<'_>, value: &str) -> Result<(), BrowserError> {
        let page = self.page().await?;
        let found = page.field(field)?;
        let path = page::path_of(found);
        if found.value().name() == "select" {
            let option = self.element(&page::path_of(page::option(found, value)?)).await?;
            return option.click().await.map_err(|error| self.broken(&error));
        }
        let element = self.element(&path).await?;
        if found.attr("type") == Some("date") {
            return self.set(&element, value).await;
        }
        element.clear().await.map_err(|error| self.broken(&error))?;
        element.send_keys(value).await.map_err(|error| self.broken(&error))
    }

    async fn check(&mut self, field: Target<'_>, on: bool) -> Result<(), BrowserError> {
        let path = page::path_of(self.page().await?.field(field)?);
        let element = self.element(&path).await?;
        let marked = element.is_selected().await.map_err(|error| self.broken(&error))?;
        if marked == on { Ok(()) } else { element.click().await.map_err(|error| self.broken(&error)) }
    }

    async fn page(&mut self) -> Result<Rc<Page>, BrowserError> {
        self.front().await?;
        let url = self.driver.current_url().await.map_err(|error| self.broken(&error))?;
        let source = self.driver.execute(DOCUMENT, Vec::new()).await;
        let source = source.and_then(|source| source.convert::<String>()).map_err(|error| self.broken(&error))?;
        let status = self.driver.execute(STATUS, Vec::new()).await.ok();
        let status = status.and_then(|status| status.json().as_u64()).and_then(|status| u16::try_from(status).ok());
        Ok(Rc::new(Page::read(url, &source).with_status(status.filter(|status| *status > 0))))
    }

    async fn picture(&mut self) -> Result<Option<Vec<u8>>, BrowserError> {
        self.front().await?;
        picture(&self.driver, self.engine).await.map(Some)
    }

    async fn console_errors(&mut self) -> Result<Vec<String>, BrowserError> {
        // Firefox has no such command, and neither have some hubs.
        if self.engine == Engine::Firefox {
            return Ok(Vec::new());
        }
        let entries = match self.driver.browser_log().await {
            Err(error) if is_unknown(&error) => Vec::new(),
            entries => entries.map_err(|error| self.broken(&error))?,
        };
        let told = entries.into_iter().filter(|entry| entry.level == "SEVERE").map(|entry| entry.message);
        Ok(told.filter(|message| !is_refused_page(message)).collect())
    }

    async fn tab(&mut self) -> Result<Box<dyn Browser>, BrowserError> {
        if self.tab.is_none() {
            self.tab = Some(self.driver.window().await.map_err(|error| self.broken(&error))?);
        }
        let tab = self.driver.new_tab().await.map_err(|error| self.broken(&error))?;
        let other = Self {
            driver: self.driver.clone(),
            engine: self.engine,
            viewport: self.viewport,
            own: None,
            tab: Some(tab),
            is_guest: true,
            turn: self.turn.clone(),
        };
        other.front().await?;
        show_on(&other.driver, other.engine, other.viewport).await.map_err(|error| self.broken(&error))?;
        Ok(Box::new(other))
    }

    fn take_turns(&mut self, turn: Turn) -> Result<(), BrowserError> {
        self.turn = Some(turn);
        Ok(())
    }

    fn leave_turns(&mut self) {
        self.turn = None;
    }

    async fn close(&mut self) {
        if self.is_guest {
            return;
        }
        end(self.driver.clone()).await;
        if let Some(own) = &mut self.own {
            let _ = own.process.kill().await;
        }
    }
}

/// Takes a picture of the whole page as PNG, or of the visible part if the browser or hub cannot do more.
async fn picture(driver: &WebDriver, engine: Engine) -> Result<Vec<u8>, BrowserError> {
    let whole = match engine {
        Engine::Chromium => {
            let wanted = json!({ "format": "png", "captureBeyondViewport": true });
            let taken = driver.cdp().send_raw("Page.captureScreenshot", wanted).await;
            taken.map(|taken| taken.get("data").and_then(Value::as_str).unwrap_or_default().to_owned())
        }
        Engine::Firefox => {
            let taken = FirefoxTools::new(Arc::clone(driver.handle())).full_screenshot_as_png().await;
            taken.map(|png| STANDARD.encode(png))
        }
    };
    let told = |error: &dyn std::fmt::Display| tr!("снимок страницы: {error}", "picture of the page: {error}");
    match whole {
        Ok(data) => STANDARD.decode(data).map_err(|error| BrowserError::Lost(told(&error))),
        Err(error) if is_unknown(&error) => {
            driver.screenshot_as_png().await.map_err(|error| BrowserError::Lost(told(&error)))
        }
        Err(error) => Err(BrowserError::Lost(told(&error))),
    }
}
