//! Debian's chromedriver and one Chromium.

use std::{process::Stdio, time::Duration};

use thirtyfour::{ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver, error::WebDriverResult};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::{Child, Command},
};

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
    "--window-size=1280,900",
];

/// Starts chromedriver on a free port; it ends when this is dropped.
async fn chromedriver() -> (Child, String) {
    // It draws a port for IPv4 and ends when the same is taken for IPv6.
    for _ in 0..3 {
        if let Some(started) = launched().await {
            return started;
        }
    }
    panic!("chromedriver names no port");
}

async fn launched() -> Option<(Child, String)> {
    let mut command = Command::new("chromedriver");
    command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut process = command.spawn().expect("chromedriver: apt-get install -y chromium chromium-driver");
    let mut lines = BufReader::new(process.stdout.take().expect("output")).lines();
    while let Some(line) = lines.next_line().await.expect("output") {
        if let Some((_, port)) = line.split_once("started successfully on port ") {
            let url = format!("http://127.0.0.1:{}", port.trim_end_matches('.'));
            tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
            return Some((process, url));
        }
    }
    None
}

/// Does something in a browser, and ends the browser whatever comes of it, a panic included.
pub(super) async fn in_browser<T: Send + 'static>(
    work: impl AsyncFnOnce(WebDriver) -> WebDriverResult<T> + 'static,
) -> T {
    let (_process, url) = chromedriver().await;
    let mut wanted = DesiredCapabilities::chrome();
    FLAGS.iter().try_for_each(|flag| wanted.add_arg(flag)).expect("flags");
    let driver = WebDriver::new(&url, wanted).await.expect("Chromium");
    driver.set_script_timeout(Duration::from_secs(20)).await.expect("a time limit");
    let own = driver.clone();
    let tasks = tokio::task::LocalSet::new();
    let outcome = tasks.run_until(async { tokio::task::spawn_local(async { work(own).await }).await }).await;
    driver.quit().await.expect("Chromium ends");
    match outcome {
        Ok(result) => result.expect("the browser"),
        Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
    }
}
