//! One sign-in of one person in a fresh browser, and the observations made during it.

use std::time::{Duration, Instant};

use tokio::time::timeout;

use super::{
    end::{End, PATIENCE},
    passing::Passing,
    shown::Shown,
    stand::Stand,
    walk::{Arrival, Walk},
};
use crate::{
    browser::BrowserError,
    control::{ControlError, JournalEntry},
    language::tr,
};

/// Observations of a sign-in.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) end: End,
    pub(super) page: Shown,
    /// Whether the client's own page shows that somebody is signed in.
    pub(super) signed_in: bool,
    /// Whether the page shows a refusal.
    pub(super) refused: bool,
    /// Whether the session still existed when it should have ended; `None` if that was not checked.
    pub(super) lasted: Option<bool>,
    /// Time that the person waited.
    pub(super) took: Duration,
    /// Requests to the provider during the sign-in, in order.
    pub(super) requests: Vec<JournalEntry>,
}

impl Seen {
    /// Observations of nothing but the end.
    pub(super) fn ended(end: End) -> Self {
        let (page, requests, took) = (Shown::default(), Vec::new(), Duration::ZERO);
        Self { end, page, signed_in: false, refused: false, lasted: None, took, requests }
    }

    /// Observations if the client does not answer.
    pub(super) fn unanswered(error: &BrowserError) -> Self {
        Self::ended(End::NoAnswer(error.to_string()))
    }

    /// Observations at the end of a walk.
    pub(super) fn at(Arrival { end, page, refused }: Arrival) -> Self {
        Self { page, refused, ..Self::ended(end) }
    }
}

/// Signs the person in, in a world of the provider.
///
/// # Errors
/// Fails if the provider does not answer: then nothing is known about the client.
pub(super) async fn sign_in(stand: &Stand, world: &str) -> Result<Seen, ControlError> {
    sign_in_and_stay(stand, world, None).await
}

/// Signs the person in, and checks after some time whether the session still exists.
///
/// # Errors
/// Fails like [`sign_in`].
pub(super) async fn sign_in_and_stay(
    stand: &Stand,
    world: &str,
    passing: Option<&Passing<'_>>,
) -> Result<Seen, ControlError> {
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    watched(stand, world, async |walk: &Walk<'_>| {
        let mut browser = walk.browser()?;
        let begun = Instant::now();
        let end = walk.go(&mut browser, &link).await?;
        let took = begun.elapsed();
        let mut seen = Seen { took, ..Seen::at(walk.arrived(&mut browser, end).await) };
        if seen.end != End::Returned {
            return Ok(seen);
        }
        seen.signed_in = walk.sees(&mut browser, &walk.client.signed_in).await;
        if let Some(passing) = passing.filter(|_| seen.signed_in)
            && passing.pass().await
        {
            seen.lasted = Some(walk.sees(&mut browser, &walk.client.signed_in).await);
            seen.page = walk.arrived(&mut browser, End::Returned).await.page;
        }
        Ok(seen)
    })
    .await
}

/// Walks within the time limit, and collects the requests to the provider meanwhile.
///
/// # Errors
/// Fails if the provider does not answer.
pub(super) async fn watched(
    stand: &Stand,
    world: &str,
    go: impl AsyncFnOnce(&Walk<'_>) -> Result<Seen, BrowserError>,
) -> Result<Seen, ControlError> {
    let before = stand.provider.last_request(world).await?;
    let provider = stand.provider.home(world)?;
    let walk = Walk { client: &stand.client, world, provider: &provider };
    let mut seen = match timeout(PATIENCE, go(&walk)).await {
        Ok(Ok(seen)) => seen,
        Ok(Err(error)) => Seen::unanswered(&error),
        Err(_) => Seen::ended(End::Hung),
    };
    let mut requests = stand.provider.requests_after(world, before).await?;
    if matches!(seen.end, End::Returned | End::Stuck(_)) && !asked_for_a_code(&requests) {
        seen.end = End::NeverLeft;
    }
    requests.reverse();
    seen.requests = requests;
    Ok(seen)
}

/// Checks that the signs in a description distinguish a person who is signed in from one who is not.
///
/// # Errors
/// Fails if the provider does not answer. The inner error says what in the description or the client is wrong.
pub(super) async fn adapter(stand: &Stand, world: &str) -> Result<Result<(), String>, ControlError> {
    let before = stand.provider.last_request(world).await?;
    let link = stand.provider.session_link(world, &stand.client.person).await?;
    let provider = stand.provider.home(world)?;
    let walk = Walk { client: &stand.client, world, provider: &provider };
    let checked = timeout(2 * PATIENCE, checked(&walk, &link)).await;
    let checked = checked.unwrap_or_else(|_| Err(Wrong::AfterTheStart(End::Hung.told(&walk.start()))));
    Ok(match checked {
        Err(Wrong::AfterTheStart(_)) if !asked_for_a_code(&stand.provider.requests_after(world, before).await?) => {
            Err(End::NeverLeft.told(&walk.start()))
        }
        Err(Wrong::AtTheStart(told) | Wrong::AfterTheStart(told)) => Err(told),
        Ok(()) => Ok(()),
    })
}

/// Mistake in a description or its client, before or after the sign-in has begun.
enum Wrong {
    AtTheStart(String),
    AfterTheStart(String),
}

/// Checks whether an authorization request is among the requests.
fn asked_for_a_code(requests: &[JournalEntry]) -> bool {
    requests.iter().any(|entry| {
        let path = entry.path();
        path.ends_with("/aas/oauth2/ac") || path.ends_with("/aas/oauth2/v2/ac") || path.ends_with("/oidc/authorize")
    })
}

async fn checked(walk: &Walk<'_>, link: &url::Url) -> Result<(), Wrong> {
    use crate::browser::Browser as _;
    let start = walk.start();
    let said = |error: BrowserError| Wrong::AtTheStart(End::NoAnswer(error.to_string()).told(&start));
    let mut browser = walk.browser().map_err(said)?;
    walk.open(&mut browser, &walk.client.sign_in.open).await.map_err(said)?;
    let page = browser.page().await.map_err(said)?;
    if let Some(status) = page.status().filter(|status| *status >= 500) {
        return Err(Wrong::AtTheStart(tr!(
            "клиент отвечает {status} уже там, где вход начинается: {start}",
            "the client answers {status} where the sign-in starts: {start}"
        )));
    }
    let mut browser = walk.browser().map_err(said)?;
    if walk.sees(&mut browser, &walk.client.signed_in).await {
        return Err(Wrong::AtTheStart(tr!(
            "signed-in видно и тогда, когда никто не вошёл: возьмите то, что видно только вошедшему",
            "signed-in is there before anybody has signed in: take what only they see"
        )));
    }
    match walk.go(&mut browser, link).await.map_err(said)? {
        End::Returned => {}
        end @ End::Stuck(_) => return Err(Wrong::AtTheStart(format!("sign-in: {}", end.told(&start)))),
        end => return Err(Wrong::AfterTheStart(end.told(&start))),
    }
    let page = browser.page().await.map_err(said)?;
    if !walk.sees(&mut browser, &walk.client.signed_in).await {
        let (title, url) = (page.title(), page.url().clone());
        return Err(Wrong::AfterTheStart(tr!(
            "после входа без ошибок signed-in не видно: вход кончился на {url} «{title}»",
            "after a sign-in without faults signed-in is not there: it ended at {url} \"{title}\""
        )));
    }
    if let Some(stuck) = walk.leave(&mut browser).await.map_err(said)? {
        return Err(Wrong::AfterTheStart(format!("sign-out: {}", stuck.told(&start))));
    }
    if walk.sees(&mut browser, &walk.client.signed_in).await {
        let told = tr!("после выхода signed-in всё ещё видно", "signed-in is there after signing out");
        return Err(Wrong::AfterTheStart(told));
    }
    Ok(())
}
