//! Who may use the control API: anybody on loopback without a token, else whoever has the token.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::http::{HeaderMap, StatusCode};

use super::tls::CA;
use crate::{
    ControlToken, Cookies, Problem, SetCookie, Site, WorldUrl,
    origin::{bearer, from_own_page},
};

/// Path of the form for the token, which is open without one.
pub(super) const ENTER: &str = "/control/console/enter";
/// This many wrong tokens are told in the log, and every tenfold again.
const MANY: u64 = 100;

/// The control API's guard.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    site: &'static Site,
    token: Option<ControlToken>,
    wrong: Arc<AtomicU64>,
}

impl Gate {
    pub(crate) fn new(site: &'static Site, token: Option<ControlToken>) -> Self {
        if token.as_ref().is_some_and(ControlToken::is_short) {
            tracing::warn!("the control token has less than 16 characters: it can be guessed");
        }
        Self { site, token, wrong: Arc::default() }
    }

    /// Whether the control API is open to a request: no token is needed, or it has come as a bearer token, or this browser
    /// has given it before. An absent `Authorization` opens nothing whatever is configured.
    pub(crate) fn opens_to(&self, headers: &HeaderMap, cookies: &Cookies) -> bool {
        let Some(token) = &self.token else { return true };
        let name = self.cookie_name();
        let mut of_browser = cookies.bare(&name);
        token.is(bearer(headers)) || of_browser.any(|value| token.is_cookie(self.site.key, value))
    }

    /// Whether a request may go on to `path` of the control API.
    ///
    /// # Errors
    /// 403 for a page of another site, 401 without the token.
    pub(crate) fn check(
        &self,
        is_insider: bool,
        path: &str,
        headers: &HeaderMap,
        world_url: &WorldUrl,
    ) -> Result<(), Problem> {
        if bearer(headers).is_none() {
            from_own_page(headers, world_url)?;
        }
        if is_insider || path == ENTER || path == CA {
            return Ok(());
        }
        if headers.contains_key(axum::http::header::AUTHORIZATION) {
            self.count();
        }
        Err(Self::closed())
    }

    /// 401: the token is missing.
    pub(crate) fn closed() -> Problem {
        Problem::new(StatusCode::UNAUTHORIZED, "control-token", "Служебному API нужен маркер")
            .of("Authorization")
            .or("Authorization: Bearer <значение --control-token>")
    }

    /// The cookie of a browser that has given the token.
    ///
    /// # Errors
    /// 401 for another token.
    pub(super) fn enter(&self, given: &str, world_url: &WorldUrl) -> Result<Option<SetCookie>, Problem> {
        let Some(token) = &self.token else { return Ok(None) };
        if token.is(Some(given.trim())) {
            return Ok(Some(SetCookie::strict(&self.cookie_name(), &token.cookie(self.site.key), world_url)));
        }
        self.count();
        Err(Problem::new(StatusCode::UNAUTHORIZED, "control-token", "Маркер не подходит").of("token"))
    }

    fn cookie_name(&self) -> String {
        format!("{}_control", self.site.key)
    }

    /// Counts a wrong token.
    fn count(&self) {
        let wrong = self.wrong.fetch_add(1, Ordering::Relaxed) + 1;
        if is_told(wrong) {
            tracing::warn!(wrong, "many wrong control tokens: somebody may be guessing");
        }
    }
}

/// 100, 1,000, 10,000, …
fn is_told(mut wrong: u64) -> bool {
    while wrong > MANY && wrong.is_multiple_of(10) {
        wrong /= 10;
    }
    wrong == MANY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_is_told_at_a_hundred_and_at_every_tenfold() {
        let told: Vec<_> = (1..=100_000).filter(|wrong| is_told(*wrong)).collect();
        assert_eq!(told, [100, 1_000, 10_000, 100_000]);
    }
}
