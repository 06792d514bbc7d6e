//! Headers of answers.

use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::{IntoResponse as _, Response},
};
use tower_http::cors::{AllowHeaders, Any, CorsLayer};

use super::keep::{FAULT, REQUEST_ID, VERDICT};
use crate::Site;

/// How long a browser may remember the answer to a preflight, seconds.
const PREFLIGHT_S: u64 = 600;

pub(super) fn is(response: &Response, content_type: &str) -> bool {
    let given = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    given.is_some_and(|value| value.starts_with(content_type))
}

pub(super) fn stylesheet(site: &'static Site) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, site.stylesheet()).into_response()
}

/// Any origin may call, none with cookies, for nothing there looks at cookies (Fetch, *CORS protocol*).
pub(super) fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin(Any)
        .allow_methods([Method::GET, Method::HEAD, Method::POST])
        .allow_headers(AllowHeaders::mirror_request())
        .expose_headers(exposed())
        .max_age(std::time::Duration::from_secs(PREFLIGHT_S))
}

/// What a page's script may read besides the body.
fn exposed() -> [HeaderName; 7] {
    [header::WWW_AUTHENTICATE, header::LINK, header::ETAG, header::RETRY_AFTER, REQUEST_ID, VERDICT, FAULT]
}

/// For an answer that did not come out of [`cors`]: a refusal of the front.
pub(super) fn open_to_programs(headers: &mut HeaderMap) {
    headers.entry(header::ACCESS_CONTROL_ALLOW_ORIGIN).or_insert(HeaderValue::from_static("*"));
    let exposed = exposed().map(|name| name.to_string()).join(",");
    if let Ok(exposed) = HeaderValue::from_str(&exposed) {
        headers.entry(header::ACCESS_CONTROL_EXPOSE_HEADERS).or_insert(exposed);
    }
}

/// Headers of every answer, unless a handler has said otherwise: nobody keeps what may be somebody's data. No
/// `form-action`: browsers apply it to the redirect after a form as well, and the consent form ends at the relying party.
pub(super) fn complete(headers: &mut HeaderMap) {
    let defaults = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
