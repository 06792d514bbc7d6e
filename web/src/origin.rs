//! Which page a request comes from: the browser's own word, `Sec-Fetch-Site` and `Origin` (RFC 6454 §7).

use axum::http::{HeaderMap, Method, StatusCode, header};
use esia::language::pick;
use url::Url;

use crate::{Problem, WorldUrl};

/// The token of `Authorization: Bearer` (RFC 6750 §2.1; the scheme's name has no case).
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim()).filter(|token| !token.is_empty())
}

/// Keeps pages of other sites, another port of this host included, from acting for whoever is signed in. What has a bearer
/// token needs no such guard: a browser does not send one by itself.
///
/// # Errors
/// 403 for a request that may change something and comes from a foreign page.
pub(crate) fn guard(method: &Method, headers: &HeaderMap, world_url: &WorldUrl) -> Result<(), Problem> {
    if method.is_safe() || bearer(headers).is_some() {
        return Ok(());
    }
    from_own_page(headers, world_url)
}

/// # Errors
/// 403 for a request of a page of another site. Programs send neither header and pass.
pub(crate) fn from_own_page(headers: &HeaderMap, world_url: &WorldUrl) -> Result<(), Problem> {
    let sites = || headers.get_all("sec-fetch-site").iter();
    if sites().any(|site| !matches!(site.as_bytes(), b"same-origin" | b"none")) {
        return Err(foreign("Sec-Fetch-Site"));
    }
    let is_vouched_for = sites().any(|site| site.as_bytes() == b"same-origin");
    let ours =
        |origin: &header::HeaderValue| origin.to_str().is_ok_and(|origin| is_ours(origin, world_url, is_vouched_for));
    if !headers.get_all(header::ORIGIN).iter().all(ours) {
        return Err(foreign("Origin"));
    }
    Ok(())
}

/// Whether an origin is this server's. A browser that vouches for the same origin is believed about the scheme: a proxy
/// that speaks https may stand in front without our knowing.
fn is_ours(origin: &str, world_url: &WorldUrl, is_vouched_for: bool) -> bool {
    let (Ok(origin), Ok(own)) = (Url::parse(origin), Url::parse(&world_url.origin)) else { return false };
    origin.origin() == own.origin()
        || (is_vouched_for && origin.host().is_some() && origin.host() == own.host() && origin.port() == own.port())
}

fn foreign(header: &'static str) -> Problem {
    Problem::new(
        StatusCode::FORBIDDEN,
        "foreign-page",
        pick("Запрос отправлен страницей другого сайта", "The request was sent by a page of another site"),
    )
    .of(header)
    .or(pick(
        "Программам: не посылайте Origin и Sec-Fetch-Site или посылайте Authorization: Bearer",
        "Programs: send no Origin and Sec-Fetch-Site, or send Authorization: Bearer",
    ))
}
