//! Who may call the API: not a page of another site.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, header, request::Parts},
};
use url::Url;
use web::{Checks, Cookies, Place, Trouble};

/// A request that no form and no script of another site has made, and what it carries. For requests without a body; those
/// with one are read by [`web::Json`] as well.
pub(super) struct Own {
    pub(super) cookies: Cookies,
    pub(super) checks: Checks,
}

fn text<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"))
}

fn foreign(header: &'static str) -> Trouble {
    Trouble::new(StatusCode::FORBIDDEN, "csrf", "Запрос отправлен страницей другого сайта").of(header)
}

/// Whether `Origin` (RFC 6454 §7) names this server; a public base URL may have a path besides.
fn is_ours(origin: &str, place: &Place) -> bool {
    Url::parse(&place.origin).is_ok_and(|own| own.origin().ascii_serialization() == origin)
}

fn check(headers: &HeaderMap, place: &Place) -> Result<(), Trouble> {
    if text(headers, "sec-fetch-site").is_some_and(|site| !matches!(site, "same-origin" | "none")) {
        return Err(foreign("Sec-Fetch-Site"));
    }
    if text(headers, header::ORIGIN.as_str()).is_some_and(|origin| !is_ours(origin, place)) {
        return Err(foreign("Origin"));
    }
    let is_form = |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim() != "application/json");
    if text(headers, header::CONTENT_TYPE.as_str()).is_some_and(is_form) {
        let message = "Тело запроса должно быть application/json";
        return Err(Trouble::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", message).of("Content-Type"));
    }
    Ok(())
}

impl<S: Sync> FromRequestParts<S> for Own {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Trouble> {
        let Ok(place) = Place::from_request_parts(parts, state).await;
        check(&parts.headers, &place)?;
        let Ok(cookies) = Cookies::from_request_parts(parts, state).await;
        let Ok(checks) = Checks::from_request_parts(parts, state).await;
        Ok(Self { cookies, checks })
    }
}
