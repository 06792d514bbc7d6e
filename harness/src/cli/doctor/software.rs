//! Checks of browsers, their drivers, and proxies.

use std::{ffi::OsString, time::Duration};

use tokio::{process::Command, time::timeout};

use super::finding::Finding;
use crate::{
    browser::Engine,
    language::{pick, tr},
};

/// Time limit for a program to print its version.
const PATIENCE: Duration = Duration::from_secs(20);
/// Variables that send requests through a proxy.
const PROXIES: [&str; 6] = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Version that the first installed program of the list prints, as `Chromium 156.0.1.2`.
pub(super) async fn version(names: &[&str]) -> Option<String> {
    for name in names {
        let mut command = Command::new(name);
        command.arg("--version").kill_on_drop(true);
        if let Ok(Ok(said)) = timeout(PATIENCE, command.output()).await {
            let said = String::from_utf8_lossy(&said.stdout);
            let words: Vec<_> = said.split_whitespace().collect();
            let end = words.iter().position(|word| major(word).is_some()).unwrap_or_default();
            return Some(words.get(..=end).unwrap_or_default().join(" "));
        }
    }
    None
}

/// Major version, as 156 of `156.0.1.2`.
fn major(word: &str) -> Option<u32> {
    word.split_once('.').and_then(|(major, _)| major.parse().ok())
}

/// Names of a browser's program, the most likely first.
pub(super) const fn programs(engine: Engine) -> &'static [&'static str] {
    match engine {
        Engine::Chromium => &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
        Engine::Firefox => &["firefox", "firefox-esr"],
    }
}

/// Checks whether a browser and its driver are installed and match. Chromium and chromedriver must have the same major
/// version; geckodriver has versions of its own and drives many versions of Firefox.
pub(super) fn browser(engine: Engine, browser: Option<String>, driver: Option<String>) -> Finding {
    let (id, name, by) = match engine {
        Engine::Chromium => ("browser", "Chromium", "chromedriver"),
        Engine::Firefox => ("firefox", "Firefox", "geckodriver"),
    };
    let lacks = |what: String| {
        let (install, option) = (engine.install(), name.to_lowercase());
        let way_out =
            tr!("нужны только для --browser {option}: {install}", "needed for --browser {option} alone: {install}");
        Finding::doubt(id, what, way_out)
    };
    let number = |version: &str| version.split_whitespace().find_map(major);
    match (browser, driver) {
        (None, None) => lacks(tr!("{name} и {by} не установлены", "neither {name} nor {by} is installed")),
        (None, Some(driver)) => lacks(tr!("{name} нет, а {driver} есть", "there is {driver}, and no {name}")),
        (Some(browser), None) => lacks(tr!("{by} нет, а {browser} есть", "there is {browser}, and no {by}")),
        (Some(browser), Some(driver)) if engine == Engine::Firefox || number(&browser) == number(&driver) => {
            Finding::good(id, tr!("{browser} и {driver} подходят друг другу", "{browser} and {driver} fit"))
        }
        (Some(browser), Some(driver)) => {
            let install = engine.install();
            Finding::bad(
                id,
                tr!("{browser} и {driver} разных версий", "{browser} and {driver} are of different versions"),
                tr!("установите обе из одного источника: {install}", "install both from one source: {install}"),
            )
        }
    }
}

/// Checks whether clients on this machine would send requests for the servers to a proxy.
pub(super) fn proxy(variable: &dyn Fn(&str) -> Option<OsString>) -> Finding {
    let set = |name: &&str| variable(name).is_some_and(|value| !value.is_empty());
    let proxies: Vec<_> = PROXIES.into_iter().filter(set).collect();
    if proxies.is_empty() {
        return Finding::good("proxy", pick("прокси не задан", "no proxy is set").to_owned());
    }
    let names = proxies.join(", ");
    let past = ["NO_PROXY", "no_proxy"].iter().find_map(|name| variable(name)).unwrap_or_default();
    let past = past.to_string_lossy().into_owned();
    let goes_past = |host: &str| past.split(',').any(|part| matches!(part.trim(), "*") || part.trim() == host);
    if goes_past("127.0.0.1") && goes_past("localhost") {
        return Finding::good(
            "proxy",
            tr!(
                "прокси задан ({names}), своя машина — мимо него",
                "a proxy is set ({names}), this machine goes past it"
            ),
        );
    }
    Finding::doubt(
        "proxy",
        tr!(
            "прокси задан ({names}): esia-stand спрашивает свою машину мимо него, а ваш клиент и curl — нет",
            "a proxy is set ({names}): esia-stand asks this machine past it, your client and curl do not"
        ),
        "export NO_PROXY=127.0.0.1,localhost no_proxy=127.0.0.1,localhost".to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::{
        super::finding::{State, line},
        *,
    };

    #[test]
    fn browser_and_driver_must_be_of_one_version() {
        let some = |text: &str| Some(text.to_owned());
        let browser = |program, driver| browser(Engine::Chromium, program, driver);
        let fit = browser(some("Chromium 156.0.1.2"), some("ChromeDriver 156.0.9.9"));
        assert_eq!(line(fit), "✔ Chromium 156.0.1.2 и ChromeDriver 156.0.9.9 подходят друг другу");
        insta::assert_snapshot!(line(browser(some("Chromium 156.0.1.2"), some("ChromeDriver 155.0.9.9"))), @"
        ✘ Chromium 156.0.1.2 и ChromeDriver 155.0.9.9 разных версий
            установите обе из одного источника: apt-get install -y chromium chromium-driver
        ");
        for (one, other) in [(None, None), (some("Chromium 1.0"), None), (None, some("ChromeDriver 1.0"))] {
            let found = browser(one, other);
            assert_eq!(found.state, State::Doubt);
            assert!(found.way_out.is_some_and(|way_out| way_out.contains("apt-get")));
        }
    }

    #[test]
    fn firefox_is_driven_by_a_geckodriver_of_any_version() {
        let some = |text: &str| Some(text.to_owned());
        let fit = browser(Engine::Firefox, some("Mozilla Firefox 140.10.2esr"), some("geckodriver 0.33.0"));
        assert_eq!(line(fit), "✔ Mozilla Firefox 140.10.2esr и geckodriver 0.33.0 подходят друг другу");
        insta::assert_snapshot!(line(browser(Engine::Firefox, some("Mozilla Firefox 140.10.2esr"), None)), @"
        ! geckodriver нет, а Mozilla Firefox 140.10.2esr есть
            нужны только для --browser firefox: apt-get install -y firefox-esr, а geckodriver — cargo install geckodriver
        ");
    }

    #[test]
    fn a_proxy_that_would_take_requests_to_this_machine_is_told() {
        let found = |set: &[(&str, &str)]| {
            proxy(&|name| set.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value)))
        };
        assert_eq!(found(&[("HTTP_PROXY", "")]).state, State::Good);
        let proxied = [("https_proxy", "http://proxy.example:3128")];
        assert_eq!(found(&proxied).state, State::Doubt);
        assert_eq!(found(&[proxied[0], ("NO_PROXY", "127.0.0.1")]).state, State::Doubt);
        assert_eq!(found(&[proxied[0], ("NO_PROXY", "localhost, 127.0.0.1,.test")]).state, State::Good);
        assert_eq!(found(&[proxied[0], ("no_proxy", "*")]).state, State::Good);
    }
}
