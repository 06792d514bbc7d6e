//! Browser of a run, according to its options.

use std::time::Duration;

use super::{Run, Screens};
use crate::{
    browser::{Driver, Engine, Wanted},
    exit::CliError,
    language::pick,
    scenario::Screen,
};

/// Creates the screen of a run: plain HTTP, or a real browser.
///
/// # Errors
/// Fails if the browser, or the server that should start it, is missing.
pub(super) async fn screen(options: &Run, direct: bool) -> Result<Screen, CliError> {
    let Some(engine) = engine(options) else { return Ok(Screen::Http { direct }) };
    let driver = Driver::start(wanted(options, engine)).await.map_err(CliError::could_not_run)?;
    Ok(Screen::Real(Box::new(driver)))
}

/// Engine of the real browser; `None` if pages are read over plain HTTP.
pub(super) fn engine(options: &Run) -> Option<Engine> {
    options.browser.and_then(Screens::engine)
}

fn wanted(options: &Run, engine: Engine) -> Wanted {
    let local = Wanted::local(engine);
    Wanted {
        headed: options.headed,
        viewport: options.screen.unwrap_or(local.viewport),
        patience: options.page_timeout.map_or(local.patience, |seconds| Duration::from_secs(seconds.into())),
        hub: options.webdriver.clone(),
        ..local
    }
}

/// Message about options of a real browser in a run without one; `None` if there are none.
pub(super) fn senseless(options: &Run) -> Option<&'static str> {
    let real = engine(options).is_some();
    if options.screenshots.is_some() && !real {
        return Some(pick(
            "--screenshots ничего не даст: снимки страниц бывают только с --browser chromium или firefox",
            "--screenshots would do nothing: only --browser chromium or firefox makes pictures of pages",
        ));
    }
    let of_browser =
        options.webdriver.is_some() || options.headed || options.screen.is_some() || options.page_timeout.is_some();
    (of_browser && !real).then(|| {
        pick(
            "--webdriver, --headed, --screen и --page-timeout — о настоящем браузере: добавьте --browser chromium или firefox",
            "--webdriver, --headed, --screen and --page-timeout are about a real browser: add --browser chromium or firefox",
        )
    })
}
