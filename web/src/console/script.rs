//! The one script of the console: it copies logins and brings news. No page needs it.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use sha2::{Digest as _, Sha256};

const SCRIPT: &str = include_str!("../../assets/console.js");

static PATH: LazyLock<String> =
    LazyLock::new(|| format!("/assets/console-{}.js", hex::encode(&Sha256::digest(SCRIPT)[..8])));

/// Its address, which changes with its content, so that it can be kept for ever.
pub(crate) fn path() -> &'static str {
    &PATH
}

pub(crate) fn answer() -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, SCRIPT).into_response()
}

/// The page may run that script, and the script may ask this server.
pub(crate) fn allow(mut response: Response) -> Response {
    let policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data:; \
                  base-uri 'none'; frame-ancestors 'none'";
    response.headers_mut().entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
    response
}
