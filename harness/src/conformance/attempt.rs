//! One sign-in of one person in a fresh browser, and what was seen of it.

use std::time::Duration;

use tokio::time::timeout;
use url::Url;

use super::{
    description::{Client, Sign},
    stand::Stand,
};
use crate::{
    browser::{Browser as _, BrowserError, HttpBrowser, Page},
    control::{ControlError, JournalEntry},
    language::tr,
    net,
};

/// Time limit for a whole sign-in.
const PATIENCE: Duration = Duration::from_secs(40);
/// Most pages of the provider that one sign-in goes through.
const PAGES: usize = 6;

/// How a sign-in ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum End {
    /// The client showed a page.
    Returned,
    /// The sign-in never came to the provider.
    NeverLeft,
    /// The provider showed a page with this title and sent nobody back.
    AtProvider(String),
    /// Nobody answers at the client, for this reason.
    NoAnswer(String),
    /// It took longer than anybody waits.
    Hung,
}

/// The page on which a sign-in ended.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub(super) struct Shown {
    pub(super) url: String,
    pub(super) status: u16,
    pub(super) title: String,
    pub(super) text: String,
    /// Kinds of what should be on no page: a token, the trace of a fault.
    pub(super) leaks: Vec<&'static str>,
    /// Whether there is a link or button, to try again.
    pub(super) goes_on: bool,
}

/// A sign-in as it was seen from outside.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) end: End,
    pub(super) page: Shown,
    /// Whether the client's own page says that somebody is signed in.
    pub(super) signed_in: bool,
    /// Whether the page looks like a refusal.
    pub(super) refused: bool,
    /// Requests to the provider meanwhile, in order.
    pub(super) requests: Vec<JournalEntry>,
}

/// Signs the person in, in a world of the provider.
///
/// # Errors
/// When the provider does not answer: nothing can be said of the client then.
pub(super) async fn sign_in(stand: &Stand, world: &str) -> Result<Seen, ControlError> {
    let before = stand.provider.last_request(world).await?;
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    let provider = stand.provider.home(world)?;
    let walk = Walk { client: &stand.client, world, provider: &provider };
    let mut seen = match timeout(PATIENCE, walk.whole(&link)).await {
        Ok(seen) => seen,
        Err(_) => ended(End::Hung),
    };
    let mut requests = stand.provider.requests_after(world, before).await?;
    if seen.end == End::Returned && !asked_for_a_code(&requests) {
        seen.end = End::NeverLeft;
    }
    requests.reverse();
    seen.requests = requests;
    Ok(seen)
}

fn ended(end: End) -> Seen {
    Seen { end, page: Shown::default(), signed_in: false, refused: false, requests: Vec::new() }
}

/// Whether the signs of a description tell one who is signed in from one who is not.
///
/// # Errors
/// What the description says and is not so.
pub(super) async fn adapter(stand: &Stand, world: &str) -> Result<Result<(), String>, ControlError> {
    let before = stand.provider.last_request(world).await?;
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    let provider = stand.provider.home(world)?;
    let walk = Walk { client: &stand.client, world, provider: &provider };
    let checked = timeout(2 * PATIENCE, walk.adapter(&link)).await;
    let checked = checked.unwrap_or_else(|_| Err(Wrong::AfterTheStart(End::Hung.told(&walk.start()))));
    Ok(match checked {
        Err(Wrong::AfterTheStart(_)) if !asked_for_a_code(&stand.provider.requests_after(world, before).await?) => {
            Err(End::NeverLeft.told(&walk.start()))
        }
        Err(Wrong::AtTheStart(told) | Wrong::AfterTheStart(told)) => Err(told),
        Ok(()) => Ok(()),
    })
}

/// What is wrong with a description or its client, and when that showed.
enum Wrong {
    AtTheStart(String),
    AfterTheStart(String),
}

/// Whether an authorization request is among these.
fn asked_for_a_code(requests: &[JournalEntry]) -> bool {
    requests.iter().any(|entry| {
        let path = entry.path();
        path.ends_with("/aas/oauth2/ac") || path.ends_with("/aas/oauth2/v2/ac") || path.ends_with("/oidc/authorize")
    })
}

/// One way through the client's pages.
struct Walk<'w> {
    client: &'w Client,
    world: &'w str,
    provider: &'w Url,
}

impl Walk<'_> {
    fn start(&self) -> String {
        self.client.at(self.world, &self.client.sign_in.open).map(|url| url.to_string()).unwrap_or_default()
    }

    fn browser(&self) -> Result<HttpBrowser, BrowserError> {
        HttpBrowser::new(net::is_loopback(self.provider))
    }

    async fn whole(&self, link: &Url) -> Seen {
        let browser = self.browser();
        let Ok(mut browser) = browser else {
            return ended(End::NoAnswer(tr!("нет браузера", "there is no browser")));
        };
        let end = match self.go(&mut browser, link).await {
            Ok(end) => end,
            Err(error) => return ended(End::NoAnswer(error.to_string())),
        };
        let Ok(page) = browser.page().await else { return ended(end) };
        let mut seen = Seen { page: shown(&page), refused: has(&page, &self.client.refused), ..ended(end) };
        if seen.end == End::Returned {
            seen.signed_in = self.sees(&mut browser, &self.client.signed_in).await;
        }
        seen
    }

    /// From the start of the sign-in through the pages of the provider to the client's own.
    async fn go(&self, browser: &mut HttpBrowser, link: &Url) -> Result<End, BrowserError> {
        browser.open(link).await?;
        self.open(browser, &self.client.sign_in.open).await?;
        if let Some(press) = &self.client.sign_in.press {
            browser.press(press.as_str().into()).await?;
        }
        for _ in 0..PAGES {
            let page = browser.page().await?;
            if !page.url().as_str().starts_with(self.provider.as_str()) {
                break;
            }
            if page.has("consent") {
                browser.press(CONSENT.into()).await?;
            } else if page.has_field(LOGIN) || !page.url().path().ends_with("/login/role") {
                return Ok(End::AtProvider(page.title()));
            } else {
                browser.press(AS_PERSON.into()).await?;
            }
        }
        let page = browser.page().await?;
        if page.url().as_str().starts_with(self.provider.as_str()) {
            return Ok(End::AtProvider(page.title()));
        }
        Ok(End::Returned)
    }

    async fn open(&self, browser: &mut HttpBrowser, path: &str) -> Result<(), BrowserError> {
        let url = self.client.at(self.world, path).map_err(|error| BrowserError::NotThere(error.to_string()))?;
        browser.open(&url).await
    }

    async fn sees(&self, browser: &mut HttpBrowser, sign: &Sign) -> bool {
        if let Some(path) = &sign.open
            && self.open(browser, path).await.is_err()
        {
            return false;
        }
        browser.page().await.is_ok_and(|page| page.status().unwrap_or(200) < 400 && has(&page, sign))
    }

    async fn adapter(&self, link: &Url) -> Result<(), Wrong> {
        let said = |error: BrowserError| Wrong::AtTheStart(End::NoAnswer(error.to_string()).told(&self.start()));
        let mut browser = self.browser().map_err(said)?;
        self.open(&mut browser, &self.client.sign_in.open).await.map_err(said)?;
        let page = browser.page().await.map_err(said)?;
        if let Some(status) = page.status().filter(|status| *status >= 500) {
            let start = self.start();
            return Err(Wrong::AtTheStart(tr!(
                "клиент отвечает {status} уже там, где вход начинается: {start}",
                "the client answers {status} where the sign-in starts: {start}"
            )));
        }
        let mut browser = self.browser().map_err(said)?;
        if self.sees(&mut browser, &self.client.signed_in).await {
            return Err(Wrong::AtTheStart(tr!(
                "signed-in видно и тогда, когда никто не вошёл: возьмите то, что видно только вошедшему",
                "signed-in is there before anybody has signed in: take what only they see"
            )));
        }
        let end = self.go(&mut browser, link).await.map_err(said)?;
        if end != End::Returned {
            return Err(Wrong::AfterTheStart(end.told(&self.start())));
        }
        let page = browser.page().await.map_err(said)?;
        if !self.sees(&mut browser, &self.client.signed_in).await {
            let (title, url) = (page.title(), page.url().clone());
            return Err(Wrong::AfterTheStart(tr!(
                "после входа без ошибок signed-in не видно: вход кончился на {url} «{title}»",
                "after a sign-in without faults signed-in is not there: it ended at {url} \"{title}\""
            )));
        }
        self.open(&mut browser, &self.client.sign_out.open).await.map_err(said)?;
        if let Some(press) = &self.client.sign_out.press {
            browser
                .press(press.as_str().into())
                .await
                .map_err(|error| Wrong::AfterTheStart(format!("sign-out: {error}")))?;
        }
        if self.sees(&mut browser, &self.client.signed_in).await {
            let told = tr!("после выхода signed-in всё ещё видно", "signed-in is there after signing out");
            return Err(Wrong::AfterTheStart(told));
        }
        Ok(())
    }
}

/// Words of the provider's own pages.
const CONSENT: &str = "Предоставить";
const LOGIN: &str = "Телефон / Email / СНИЛС";
const AS_PERSON: &str = "Частное лицо";

fn has(page: &Page, sign: &Sign) -> bool {
    sign.css.as_ref().is_none_or(|css| page.finds(css)) && sign.text.as_ref().is_none_or(|text| page.says(text))
}

/// Longest part of a page that a report keeps, letters.
const KEPT: usize = 2_000;

fn shown(page: &Page) -> Shown {
    let text = page.main_text();
    Shown {
        url: page.url().to_string(),
        status: page.status().unwrap_or_default(),
        title: page.title(),
        leaks: leaks(&page.text()),
        goes_on: page.finds("a[href], button, input[type=submit]"),
        text: text.chars().take(KEPT).collect(),
    }
}

/// Signs of a trace, as servers of several languages print them.
const TRACES: [&str; 7] = [
    "Traceback (most recent call last)",
    "stack backtrace:",
    "panicked at",
    "Exception in thread",
    "    at Object.",
    "node_modules/",
    "java.lang.",
];

fn leaks(text: &str) -> Vec<&'static str> {
    // A header and claims of a JSON Web Token begin with `{"`, which in base64url is `eyJ`.
    let is_token = |word: &str| word.matches("eyJ").count() > 1 && word.matches('.').count() > 1;
    let token = text.split(|sign: char| !(sign.is_ascii_alphanumeric() || "-_.".contains(sign))).any(is_token);
    let trace = TRACES.iter().any(|trace| text.contains(trace));
    token.then_some("token").into_iter().chain(trace.then_some("trace")).collect()
}

impl End {
    /// What it means, for people.
    pub(super) fn told(&self, start: &str) -> String {
        match self {
            Self::Returned => tr!("клиент показал страницу", "the client showed a page"),
            Self::NeverLeft => tr!(
                "вход не ведёт на Госуслуги: проверьте sign-in, сейчас это {start}",
                "the sign-in does not lead to Gosuslugi: look at sign-in, which is {start}"
            ),
            Self::AtProvider(title) => tr!(
                "клиент так и не вернулся с Госуслуг: они показывают «{title}»",
                "the client never comes back from Gosuslugi, which shows \"{title}\""
            ),
            Self::NoAnswer(why) => tr!("клиент не отвечает: {why}", "the client does not answer: {why}"),
            Self::Hung => {
                let seconds = PATIENCE.as_secs();
                tr!("вход не кончился за {seconds} с: {start}", "the sign-in did not end within {seconds} s: {start}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_traces_on_a_page_are_found_and_words_are_not() {
        assert_eq!(leaks("маркер: eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln"), ["token"]);
        assert_eq!(leaks("Internal error\nTraceback (most recent call last):\n  File"), ["trace"]);
        assert!(leaks("eyJ — начало маркера. Вход не выполнен. Попробуйте ещё раз.").is_empty());
    }
}
