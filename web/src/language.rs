//! The language of whoever uses console and control API: Russian unless `?lang=`, the cookie that it leaves, or
//! `Accept-Language` asks for English.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Uri, header, request::Parts},
};
use esia::language::Language;

use crate::{Cookies, SetCookie, WorldUrl};

/// Name of the cookie that keeps the choice.
const COOKIE: &str = "esia_stand_lang";

/// What somebody reads; `?lang=en` wins over the cookie, and that over the header.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReaderLanguage(pub Language);

impl ReaderLanguage {
    /// One of two texts.
    pub fn t<'t>(self, ru: &'t str, en: &'t str) -> &'t str {
        match self.0 {
            Language::Russian => ru,
            Language::English => en,
        }
    }

    /// `ru` or `en`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// What a query asks for.
    fn asked(query: &str) -> Option<Self> {
        let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
        asked.map(|(_, lang)| Self::coded(&lang))
    }

    fn coded(code: &str) -> Self {
        Self(if code.starts_with("en") { Language::English } else { Language::Russian })
    }

    /// The cookie that keeps what a query asks for.
    pub(crate) fn cookie(query: &str, world_url: &WorldUrl) -> Option<SetCookie> {
        Some(SetCookie::strict(COOKIE, Self::asked(query)?.code(), world_url))
    }

    /// What a request asks for.
    pub(crate) fn asked_for(uri: &Uri, headers: &HeaderMap) -> Self {
        let accepted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let cookies = Cookies::read(headers);
        let kept = cookies.bare(COOKIE).next();
        Self::of(uri.query().unwrap_or_default(), kept, accepted.unwrap_or_default())
    }

    /// What somebody has chosen, by `?lang=` or before: a browser that prefers English is no choice. For what stands on pages
    /// of the sites, which are Russian.
    pub(crate) fn chosen(uri: &Uri, headers: &HeaderMap) -> Self {
        let cookies = Cookies::read(headers);
        let kept = cookies.bare(COOKIE).next();
        Self::of(uri.query().unwrap_or_default(), kept, "")
    }

    fn of(query: &str, cookie: Option<&str>, accepted: &str) -> Self {
        let is_preferred = || Self(if preferred(accepted) { Language::English } else { Language::Russian });
        Self::asked(query).or_else(|| cookie.map(Self::coded)).unwrap_or_else(is_preferred)
    }
}

/// Whether English comes before Russian in `Accept-Language` (RFC 9110 §12.5.4).
fn preferred(accepted: &str) -> bool {
    let weight = |wanted: &str| {
        let ranges = accepted.split(',').filter_map(|range| {
            let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
            let language = tag.trim().split('-').next().unwrap_or_default();
            let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |text| text.parse::<f32>().ok())?;
            language.eq_ignore_ascii_case(wanted).then_some(weight)
        });
        ranges.fold(0.0, f32::max)
    };
    weight("en") > weight("ru")
}

impl<S: Sync> FromRequestParts<S> for ReaderLanguage {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::asked_for(&parts.uri, &parts.headers))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_shown_to_whoever_prefers_or_asks_for_it() {
        let check = |query, accepted, code| {
            assert_eq!(ReaderLanguage::of(query, None, accepted).code(), code, "{query} {accepted}");
        };
        check("", "", "ru");
        check("", "en-US,en;q=0.9", "en");
        check("", "ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru");
        check("", "de, en;q=0.5", "en");
        check("", "en;q=0.4, ru;q=0.5", "ru");
        check("lang=en", "ru", "en");
        check("a=b&lang=ru", "en", "ru");
        assert_eq!(ReaderLanguage::of("", Some("en"), "ru").code(), "en", "what was asked for is kept");
        assert_eq!(ReaderLanguage::of("lang=ru", Some("en"), "en").code(), "ru");
    }
}
