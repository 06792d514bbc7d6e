//! CSRF: a random token in a cookie and again in every form (OWASP's double submit). The browser's own word on where a form
//! came from is heard before, by [`crate::Front`].

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use esia::language::pick;
use subtle::ConstantTimeEq;

use crate::{Cookies, Problem, SetCookie, Site, WorldUrl};

/// Name of the hidden field.
pub(crate) const FIELD: &str = "csrf";
/// The token of a request's browser.
#[derive(Debug, Clone, Default)]
pub struct Csrf {
    /// Goes into every form.
    pub token: String,
    /// Name of the cookie, before the world's: each server of a host has its own.
    cookie: String,
    fresh: bool,
}

impl Csrf {
    /// The browser's token, or a new one for a browser that has none.
    pub(crate) fn of(site: &Site, cookies: &Cookies, world_url: &WorldUrl) -> Self {
        let cookie = format!("{}_csrf", site.key);
        let known = |token: &&str| token.len() == 32 && token.bytes().all(|c| c.is_ascii_hexdigit());
        match cookies.get(world_url, &cookie).filter(known) {
            Some(token) => Self { token: token.to_owned(), cookie, fresh: false },
            // Not drawn from the world: reading a page is not an event.
            None => Self { token: hex::encode(rand::random::<[u8; 16]>()), cookie, fresh: true },
        }
    }

    /// The cookie to set, for a new token.
    pub(crate) fn cookie(&self, world_url: &WorldUrl) -> Option<SetCookie> {
        self.fresh.then(|| SetCookie::new(world_url, &self.cookie, &self.token))
    }

    /// # Errors
    /// 403 when a form does not come from one of this server's own pages.
    pub(crate) fn check(&self, sent: Option<&str>) -> Result<(), Problem> {
        let same = bool::from(sent.unwrap_or_default().as_bytes().ct_eq(self.token.as_bytes()));
        if same && !self.fresh && !self.token.is_empty() {
            return Ok(());
        }
        Err(Problem::new(
            axum::http::StatusCode::FORBIDDEN,
            "csrf",
            pick(
                "Форма устарела или отправлена не с этой страницы",
                "The form is out of date or was not sent from this page",
            ),
        )
        .of(FIELD)
        .or(pick("Откройте страницу заново и повторите", "Open the page anew and try again")))
    }
}

impl<S: Sync> FromRequestParts<S> for Csrf {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().cloned().unwrap_or_default())
    }
}
