//! Capabilities and screen of a new browser session.

use serde_json::{Value, json};
use thirtyfour::{
    Capabilities, CapabilitiesHelper as _, ChromiumLikeCapabilities as _, DesiredCapabilities, WebDriver,
    common::capabilities::firefox::FirefoxPreferences,
    error::{WebDriverError, WebDriverErrorInner, WebDriverResult},
};

use super::{Engine, Viewport, Wanted};
use crate::net;

/// Flags that leave out updates, telemetry and first-run questions, and set the language of dates and file buttons to
/// Russian.
const FLAGS: [&str; 9] = [
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

/// Capabilities of a session. `binary` is the browser's program, if the driver would not find it.
pub(super) fn capabilities(wanted: &Wanted, binary: Option<&str>) -> WebDriverResult<Capabilities> {
    let mut all: Capabilities = match wanted.engine {
        Engine::Chromium => {
            let mut own = DesiredCapabilities::chrome();
            FLAGS.iter().try_for_each(|flag| own.add_arg(flag))?;
            if !wanted.headed {
                own.add_arg("--headless=new")?;
            }
            own.set_browser_log_level(thirtyfour::LoggingPrefsLogLevel::Severe)?;
            own.into()
        }
        Engine::Firefox => {
            let mut own = DesiredCapabilities::firefox();
            let mut preferences = FirefoxPreferences::new();
            preferences.set("intl.accept_languages", "ru")?;
            own.set_preferences(preferences)?;
            if !wanted.headed {
                own.add_arg("-headless")?;
            }
            if let Some(binary) = binary {
                own.set_firefox_binary(binary)?;
            }
            own.into()
        }
    };
    // A browser cannot be given the certificates of `--ca`, so it accepts any.
    if !net::trusted().is_empty() {
        all.accept_insecure_certs(true)?;
    }
    Ok(all)
}

/// Sets the screen of the current tab.
pub(super) async fn show_on(driver: &WebDriver, engine: Engine, viewport: Viewport) -> WebDriverResult<()> {
    let Viewport { width, height, mobile } = viewport;
    if engine == Engine::Chromium {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile });
        match driver.cdp().send_raw("Emulation.setDeviceMetricsOverride", metrics).await {
            Err(error) if is_unknown(&error) => {}
            other => return other.map(|_| ()),
        }
    }
    // A window is larger than its page, so the difference is measured first.
    driver.set_window_rect(0, 0, width, height).await?;
    let inner = driver.execute("return [window.innerWidth, window.innerHeight]", Vec::new()).await?;
    let lacking = |index: usize, wanted: u32| {
        let got = inner.json().get(index).and_then(Value::as_u64).and_then(|side| u32::try_from(side).ok());
        wanted.saturating_sub(got.unwrap_or(wanted))
    };
    driver.set_window_rect(0, 0, width + lacking(0, width), height + lacking(1, height)).await
}

/// Ends a session. A failure is ignored: the session is gone, or the driver will end it.
pub(super) async fn end(driver: WebDriver) {
    if let Err(error) = driver.clone().quit().await {
        tracing::debug!(%error, "a browser did not end by itself");
        let _ = driver.leak();
    }
}

/// Checks whether the driver does not know the command.
pub(super) fn is_unknown(error: &WebDriverError) -> bool {
    matches!(
        error.as_inner(),
        WebDriverErrorInner::UnknownCommand(_)
            | WebDriverErrorInner::UnknownMethod(_)
            | WebDriverErrorInner::UnsupportedOperation(_)
            | WebDriverErrorInner::UnknownResponse(404 | 405, _)
    )
}
