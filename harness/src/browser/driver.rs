//! Debian's chromedriver as a child process.

use std::{process::Stdio, time::Duration};

use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
    time::timeout,
};

use super::BrowserError;

const MISSING: &str = "chromedriver does not start: install it with: apt-get install -y chromium chromium-driver";
/// Nothing but the page: no updates, no telemetry, no first-run questions.
const FLAGS: [&str; 9] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--window-size=390,844",
];

/// A running chromedriver. It stops when this is dropped.
#[derive(Debug)]
pub struct Driver {
    url: String,
    _process: Child,
}

impl Driver {
    /// Starts `chromedriver` on a free port.
    ///
    /// # Errors
    /// When it is not installed, or does not say where it listens.
    pub async fn start() -> Result<Self, BrowserError> {
        let broken = |reason: &dyn std::fmt::Display| BrowserError::Unreachable(format!("{MISSING} ({reason})"));
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| broken(&error))?;
        let output = process.stdout.take().ok_or_else(|| broken(&"no output"))?;
        let mut lines = BufReader::new(output).lines();
        let port = timeout(Duration::from_secs(20), async {
            while let Ok(Some(line)) = lines.next_line().await {
                if let Some((_, port)) = line.split_once("started successfully on port ") {
                    return Some(port.trim_end_matches('.').to_owned());
                }
            }
            None
        });
        let port = port.await.ok().flatten().ok_or_else(|| broken(&"it named no port"))?;
        // What it says later is read and dropped, so that it never blocks on a full pipe.
        tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
        Ok(Self { url: format!("http://127.0.0.1:{port}"), _process: process })
    }

    /// A new browser with a profile of its own.
    ///
    /// # Errors
    /// When Chromium does not start.
    pub(super) async fn session(&self) -> Result<WebDriver, BrowserError> {
        let mut wanted = DesiredCapabilities::chrome();
        let mut ready = FLAGS.iter().try_for_each(|flag| wanted.add_arg(flag));
        ready = ready.and_then(|()| wanted.set_browser_log_level(thirtyfour::LoggingPrefsLogLevel::Severe));
        let broken = |error: thirtyfour::error::WebDriverError| {
            BrowserError::Unreachable(format!(
                "Chromium does not start: install it with: apt-get install -y chromium chromium-driver ({error})"
            ))
        };
        ready.map_err(broken)?;
        WebDriver::new(&self.url, wanted).await.map_err(broken)
    }
}
