//! The language of the console: Russian unless `?lang=` or `Accept-Language` asks for English.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::header, http::request::Parts};
use worlds::mistakes::Language;

/// What somebody reads; `?lang=en` wins over the header.
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
        self.t("ru", "en")
    }

    fn of(query: &str, accepted: &str) -> Self {
        let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "lang");
        let is_english = match asked {
            Some((_, lang)) => lang.starts_with("en"),
            None => preferred(accepted),
        };
        Self(if is_english { Language::English } else { Language::Russian })
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
        let accepted = parts.headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Ok(Self::of(parts.uri.query().unwrap_or_default(), accepted.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn english_is_shown_to_whoever_prefers_or_asks_for_it() {
        let check =
            |query, accepted, code| assert_eq!(ReaderLanguage::of(query, accepted).code(), code, "{query} {accepted}");
        check("", "", "ru");
        check("", "en-US,en;q=0.9", "en");
        check("", "ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", "ru");
        check("", "de, en;q=0.5", "en");
        check("", "en;q=0.4, ru;q=0.5", "ru");
        check("lang=en", "ru", "en");
        check("a=b&lang=ru", "en", "ru");
    }
}
