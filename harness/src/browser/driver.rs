//! Sources of browsers: a driver on this machine, or a hub such as Selenium Grid, Selenoid or Moon.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use reqwest::Client;
use thirtyfour::{
    WebDriver,
    error::{WebDriverError, WebDriverResult},
};
use tokio::{process::Child, sync::Mutex, time::timeout};
use url::Url;

use super::{
    BrowserError, Engine, Wanted,
    launch::Launched,
    session::{capabilities, end, show_on},
};
use crate::{language::tr, net};

/// Time that a command may take in addition to the time limit of a page.
const PATIENCE: Duration = Duration::from_secs(30);
/// Time limit for a hub to provide a free browser.
const QUEUE: Duration = Duration::from_mins(5);
/// Time limit for a driver to end all browsers and itself.
const FAREWELL: Duration = Duration::from_secs(5);

/// Starter of browsers. [`Driver::close`] ends a chromedriver with all its browsers; dropping kills a child process.
#[derive(Debug)]
pub struct Driver {
    wanted: Wanted,
    /// HTTP client for requests to the driver.
    client: Client,
    source: Source,
    /// Whether a browser has started before: then a failed start affects one scenario, not the whole run.
    has_started: AtomicBool,
}

/// Server from which sessions are requested.
#[derive(Debug)]
enum Source {
    /// One URL for any number of sessions: a hub, or a chromedriver that is a child of this process.
    Shared { url: String, process: Option<Box<Mutex<Child>>> },
    /// A geckodriver for each session, because each can have only one.
    Geckodrivers { binary: Option<&'static str> },
}

/// Running browser, and its driver if that runs for this browser alone.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) driver: WebDriver,
    pub(super) own: Option<Launched>,
}

impl Driver {
    /// Starts or reaches the driver or hub.
    ///
    /// # Errors
    /// Fails if a program is not installed, or if the hub does not answer.
    pub async fn start(wanted: Wanted) -> Result<Self, BrowserError> {
        let source = match (&wanted.hub, wanted.engine) {
            (Some(hub), _) => Source::Shared { url: reached(hub).await?, process: None },
            (None, Engine::Chromium) => {
                let Launched { url, process } = Launched::new(Engine::Chromium).await?;
                Source::Shared { url, process: Some(Box::new(Mutex::new(process))) }
            }
            (None, Engine::Firefox) => {
                // Reports a missing geckodriver before a scenario is played.
                drop(Launched::new(Engine::Firefox).await?);
                Source::Geckodrivers { binary: debians_firefox() }
            }
        };
        let queue = if wanted.hub.is_some() { QUEUE } else { Duration::ZERO };
        let patience = (wanted.patience + PATIENCE).max(queue);
        let builder = wanted.hub.as_ref().map_or_else(|| web::http_client().no_proxy(), net::client);
        let client = builder.timeout(patience).build();
        let client = client.map_err(|error| BrowserError::Unreachable(error.to_string()))?;
        Ok(Self { wanted, client, source, has_started: AtomicBool::new(false) })
    }

    /// Browser that the driver starts.
    pub(super) const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Ends a chromedriver of this process and all its browsers, including those that are just starting.
    pub async fn close(&self) {
        let Source::Shared { url, process: Some(process) } = &self.source else { return };
        let mut process = process.lock().await;
        let asked = self.client.get(format!("{url}/shutdown")).timeout(FAREWELL).send().await;
        if asked.is_err() || timeout(FAREWELL, process.wait()).await.is_err() {
            tracing::warn!("chromedriver does not end by itself");
            let _ = process.kill().await;
        }
    }

    /// Starts a browser with a fresh profile.
    ///
    /// # Errors
    /// Fails if the browser does not start.
    pub(super) async fn session(&self) -> Result<Session, BrowserError> {
        let (url, own, binary) = match &self.source {
            Source::Shared { url, .. } => (url.clone(), None, None),
            Source::Geckodrivers { binary } => {
                let launched = Launched::new(Engine::Firefox).await?;
                (launched.url.clone(), Some(launched), *binary)
            }
        };
        let wanted = capabilities(&self.wanted, binary).map_err(|error| self.broken(&error))?;
        let driver = WebDriver::builder(&url, wanted).client(self.client.clone()).await;
        let driver = driver.map_err(|error| self.broken(&error))?;
        match self.prepare(&driver).await {
            Ok(()) => {
                self.has_started.store(true, Ordering::Relaxed);
                Ok(Session { driver, own })
            }
            Err(error) => {
                end(driver).await;
                Err(self.broken(&error))
            }
        }
    }

    /// Sets the time limit and the screen of a browser.
    async fn prepare(&self, driver: &WebDriver) -> WebDriverResult<()> {
        driver.set_page_load_timeout(self.wanted.patience).await?;
        show_on(driver, self.wanted.engine, self.wanted.viewport).await
    }

    /// Error of a browser that does not start. With a hub, or after an earlier start, the next browser may start.
    fn broken(&self, error: &WebDriverError) -> BrowserError {
        let (name, install) = (self.wanted.engine.name(), self.wanted.engine.install());
        match &self.wanted.hub {
            Some(hub) => BrowserError::Lost(tr!(
                "{hub} не дал браузера {name}: {error}",
                "{hub} gave no browser {name}: {error}"
            )),
            None if self.has_started.load(Ordering::Relaxed) => {
                BrowserError::Lost(tr!("{name} не запустился: {error}", "{name} did not start: {error}"))
            }
            None => BrowserError::Unreachable(tr!(
                "{name} не запускается: установите его ({install}): {error}",
                "{name} does not start: install it ({install}): {error}"
            )),
        }
    }
}

/// Returns the URL of a hub for sessions, once it is ready. Selenium 3, Selenoid and Moon have sessions under
/// `/wd/hub`, which may be given or left out.
async fn reached(hub: &Url) -> Result<String, BrowserError> {
    let base = hub.as_str().trim_end_matches('/').to_owned();
    let client = net::client(hub).timeout(PATIENCE).build();
    let client = client.map_err(|error| BrowserError::Unreachable(error.to_string()))?;
    let mut told = String::new();
    for base in [base.clone(), format!("{base}/wd/hub")] {
        match client.get(format!("{base}/status")).send().await {
            Ok(answer) if answer.status().is_success() => return Ok(base),
            Ok(answer) => told = format!("{base}/status: {}", answer.status().as_u16()),
            Err(error) => {
                told = net::reason(&error);
                break;
            }
        }
    }
    Err(BrowserError::Unreachable(tr!(
        "по адресу --webdriver нет готового сервера WebDriver: {told}",
        "there is no WebDriver server ready at --webdriver: {told}"
    )))
}

/// Returns Debian's name of Firefox, if there is no program `firefox`.
fn debians_firefox() -> Option<&'static str> {
    let path = std::env::var_os("PATH")?;
    let is_there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    (!is_there("firefox") && is_there("firefox-esr")).then_some("firefox-esr")
}
