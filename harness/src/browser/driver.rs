//! Debian's chromedriver as a child process.

use std::{io, process::Stdio, time::Duration};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use reqwest::Client;
use serde_json::json;
use thirtyfour::{CapabilitiesHelper as _, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader, Lines},
    process::{Child, ChildStdout, Command},
    sync::Mutex,
    time::timeout,
};

use super::BrowserError;
use crate::{
    language::{pick, tr},
    net,
};

/// Time limit for one command to the browser.
const PATIENCE: Duration = Duration::from_mins(1);
/// Time limit for chromedriver to end all browsers and itself.
const FAREWELL: Duration = Duration::from_secs(5);
/// How often chromedriver is started until it names a port: it draws one for IPv4 and ends when the same is taken for
/// IPv6.
const LAUNCHES: usize = 3;
/// The screen of a telephone, CSS pixels.
const SCREEN: (u32, u32) = (390, 844);
/// Nothing but the page: no updates, no telemetry, no first-run questions. Its own words (dates, file buttons) in Russian.
const FLAGS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=ru",
    "--accept-lang=ru",
];

/// A chromedriver that was just started.
struct Launched {
    process: Child,
    /// The port it said it listens on; `None` when it ended or stayed silent instead.
    port: Option<String>,
    /// What else it says.
    lines: Lines<BufReader<ChildStdout>>,
}

impl Launched {
    async fn new() -> io::Result<Self> {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            // Chromium takes its language from here as well.
            .env("LANGUAGE", "ru")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            // Ctrl+C is for us alone: browsers are ended in order.
            .process_group(0)
            .spawn()?;
        let output = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let mut lines = BufReader::new(output).lines();
        let port = timeout(Duration::from_secs(20), async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    return Some(port.trim_end_matches('.').to_owned());
                }
            }
            None
        });
        let port = port.await.ok().flatten();
        Ok(Self { process, port, lines })
    }
}

/// A running chromedriver. [`Driver::close`] ends it with all its browsers; dropping this kills it.
#[derive(Debug)]
pub struct Driver {
    url: String,
    /// Asks chromedriver, past any proxy of the environment.
    client: Client,
    process: Mutex<Child>,
}

impl Driver {
    /// Starts `chromedriver` on a free port.
    ///
    /// # Errors
    /// When it is not installed, or does not say where it listens.
    pub async fn start() -> Result<Self, BrowserError> {
        let broken = |reason: &dyn std::fmt::Display| {
            BrowserError::Unreachable(tr!(
                "chromedriver не запускается: установите его (apt-get install -y chromium chromium-driver) ({reason})",
                "chromedriver does not start: install it (apt-get install -y chromium chromium-driver) ({reason})"
            ))
        };
        let mut launched = Launched::new().await.map_err(|error| broken(&error))?;
        for _ in 1..LAUNCHES {
            if launched.port.is_none() {
                launched = Launched::new().await.map_err(|error| broken(&error))?;
            }
        }
        let Launched { process, port, mut lines } = launched;
        let port = port.ok_or_else(|| broken(&pick("он не назвал порт", "it named no port")))?;
        // What it says later is read and dropped, so that it never blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        let client = web::http_client().no_proxy().timeout(PATIENCE).build().map_err(|error| broken(&error))?;
        Ok(Self { url: format!("http://127.0.0.1:{port}"), client, process: Mutex::new(process) })
    }

    /// Ends all browsers and chromedriver itself, also those that were only about to start.
    pub async fn close(&self) {
        let mut process = self.process.lock().await;
        let asked = self.client.get(format!("{}/shutdown", self.url)).timeout(FAREWELL).send().await;
        if asked.is_err() || timeout(FAREWELL, process.wait()).await.is_err() {
            tracing::warn!("chromedriver does not end by itself");
            let _ = process.kill().await;
        }
    }

    /// A new browser with a profile of its own.
    ///
    /// # Errors
    /// When Chromium does not start.
    pub(super) async fn session(&self) -> Result<WebDriver, BrowserError> {
        let mut wanted = DesiredCapabilities::chrome();
        let mut ready = FLAGS.iter().try_for_each(|flag| wanted.add_arg(flag));
        ready = ready.and_then(|()| wanted.set_browser_log_level(thirtyfour::LoggingPrefsLogLevel::Severe));
        // Whom this program was told to trust, Chromium cannot be told on its command line.
        if !net::trusted().is_empty() {
            ready = ready.and_then(|()| wanted.accept_insecure_certs(true));
        }
        let broken = |error: thirtyfour::error::WebDriverError| {
            BrowserError::Unreachable(tr!(
                "Chromium не запускается: установите его (apt-get install -y chromium chromium-driver): {error}",
                "Chromium does not start: install it (apt-get install -y chromium chromium-driver): {error}"
            ))
        };
        ready.map_err(broken)?;
        let driver = WebDriver::builder(&self.url, wanted).client(self.client.clone()).await.map_err(broken)?;
        Self::as_on_a_telephone(&driver).await?;
        Ok(driver)
    }

    /// Gives the tab that is in front the screen of a telephone.
    pub(super) async fn as_on_a_telephone(driver: &WebDriver) -> Result<(), BrowserError> {
        let (width, height) = SCREEN;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": true });
        let set = driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await;
        set.map(|_| ())
            .map_err(|error| BrowserError::Unreachable(tr!("размер экрана: {error}", "size of the screen: {error}")))
    }

    /// A picture of the whole page as PNG, not only of what fits the screen.
    pub(super) async fn picture(driver: &WebDriver) -> Result<Vec<u8>, BrowserError> {
        let broken = |error: &dyn std::fmt::Display| {
            BrowserError::Unreachable(tr!("снимок страницы: {error}", "picture of the page: {error}"))
        };
        let whole = json!({ "format": "png", "captureBeyondViewport": true });
        let taken = driver.cdp().send_raw("Page.captureScreenshot", whole).await.map_err(|error| broken(&error))?;
        let data = taken.get("data").and_then(serde_json::Value::as_str).unwrap_or_default();
        STANDARD.decode(data).map_err(|error| broken(&error))
    }
}
