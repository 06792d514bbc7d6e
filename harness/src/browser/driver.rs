//! Where browsers come from: a driver of this machine, or a hub as Selenium Grid, Selenoid and Moon are.

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

/// Time that a command may take besides that of the page.
const PATIENCE: Duration = Duration::from_secs(30);
/// Time limit for a hub to have a browser free.
const QUEUE: Duration = Duration::from_mins(5);
/// Time limit for a driver to end all browsers and itself.
const FAREWELL: Duration = Duration::from_secs(5);

/// What starts browsers. [`Driver::close`] ends it with all its browsers; dropping this kills what is a child of this process.
#[derive(Debug)]
pub struct Driver {
    wanted: Wanted,
    /// Asks the driver.
    client: Client,
    source: Source,
    /// Whether a browser did start: the next that does not is lost alone.
    has_started: AtomicBool,
}

/// Where a session is asked for.
#[derive(Debug)]
enum Source {
    /// One address for any number of sessions: a hub, or a chromedriver that is a child of this process.
    Shared { url: String, process: Option<Box<Mutex<Child>>> },
    /// A geckodriver for each session: it has one alone.
    Geckodrivers { binary: Option<&'static str> },
}

/// A browser that runs, and the driver that runs for it alone.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) driver: WebDriver,
    pub(super) own: Option<Launched>,
}

impl Driver {
    /// Makes ready what starts browsers.
    ///
    /// # Errors
    /// When a program is not installed, or the hub does not answer.
    pub async fn start(wanted: Wanted) -> Result<Self, BrowserError> {
        let source = match (&wanted.hub, wanted.engine) {
            (Some(hub), _) => Source::Shared { url: reached(hub).await?, process: None },
            (None, Engine::Chromium) => {
                let Launched { url, process } = Launched::new(Engine::Chromium).await?;
                Source::Shared { url, process: Some(Box::new(Mutex::new(process))) }
            }
            (None, Engine::Firefox) => {
                // One that is not installed is told before anything is played.
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

    /// The browser that it starts.
    pub(super) const fn wanted(&self) -> &Wanted {
        &self.wanted
    }

    /// Ends all browsers and the driver itself, also those that were only about to start.
    pub async fn close(&self) {
        let Source::Shared { url, process: Some(process) } = &self.source else { return };
        let mut process = process.lock().await;
        let asked = self.client.get(format!("{url}/shutdown")).timeout(FAREWELL).send().await;
        if asked.is_err() || timeout(FAREWELL, process.wait()).await.is_err() {
            tracing::warn!("chromedriver does not end by itself");
            let _ = process.kill().await;
        }
    }

    /// A new browser with a profile of its own.
    ///
    /// # Errors
    /// When it does not start.
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

    /// Gives a browser its time limit and its screen.
    async fn prepare(&self, driver: &WebDriver) -> WebDriverResult<()> {
        driver.set_page_load_timeout(self.wanted.patience).await?;
        show_on(driver, self.wanted.engine, self.wanted.viewport).await
    }

    /// A browser that does not start. Where one did before, or a hub starts them, the next one may.
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

/// The address of a hub under which sessions are asked for, once it says that it is ready. Selenium 3, Selenoid and Moon have
/// them under `/wd/hub`, and that may be named or left out.
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

/// Debian's name of Firefox, where there is no program of the usual one.
fn debians_firefox() -> Option<&'static str> {
    let path = std::env::var_os("PATH")?;
    let is_there = |name: &str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    (!is_there("firefox") && is_there("firefox-esr")).then_some("firefox-esr")
}
