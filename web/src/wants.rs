//! In what form a request wants its answer.

use std::convert::Infallible;

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, header, request::Parts},
};

use crate::Site;

/// A page for a person, or JSON for a program. Decided once, by [`crate::Front`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wants {
    /// A person looks at it.
    Page,
    /// A program reads it.
    Json,
}

impl Wants {
    /// JSON endpoints answer in JSON whatever is accepted; elsewhere a program says that it wants it.
    pub(crate) fn of(site: &Site, path: &str, headers: &HeaderMap) -> Self {
        let mut segments = path.split('/').skip(1);
        let is_console = path.starts_with("/control/console");
        let is_endpoint = segments.any(|segment| matches!(segment, "api" | "control" | "rs"));
        let is_endpoint = !is_console && (is_endpoint || site.is_for_programs(path));
        if is_endpoint || accepts_json(headers) { Self::Json } else { Self::Page }
    }
}

/// Whether somebody asks for JSON and not for a page.
pub(crate) fn accepts_json(headers: &HeaderMap) -> bool {
    let accepts = accept(headers);
    accepts.contains("json") && !accepts.contains("text/html")
}

pub(crate) fn accept(headers: &HeaderMap) -> &str {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

impl<S: Sync> FromRequestParts<S> for Wants {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get::<Self>().copied().unwrap_or(Self::Page))
    }
}
