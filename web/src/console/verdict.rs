//! One request: what was wrong with it, how to mend it, and the evidence.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::Path,
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::get,
};
use worlds::{Check, Entry, Outcome};

use super::told::{self, Value, Wrong};
use crate::{
    AnyWorld, Frame, Page, Problem, ReaderLanguage,
    control::history,
    docs::{CitedPassage, citations},
    stand::Stand,
    wants::accepts_json,
};

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/requests/{id}", get(request))
}

#[derive(Template)]
#[template(path = "console/request.html")]
struct RequestPage {
    frame: Frame,
    reads: ReaderLanguage,
    wrongs: Vec<Wrong>,
    passed: Vec<(Check, Value, Value)>,
    parameters: Vec<Value>,
    curl: String,
    entry: Entry,
}

/// As it stands in a path.
fn escaped(segment: &str) -> String {
    url::form_urlencoded::byte_serialize(segment.as_bytes()).collect()
}

/// The page of a request; JSON for whoever accepts that and no page.
async fn request(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Path(id): Path<u64>,
    frame: Frame,
    reads: ReaderLanguage,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let entry = world.request(id).await?.ok_or_else(history::gone)?.told_in(reads.0);
    if accepts_json(&headers) {
        return Ok(crate::Json(entry).into_response());
    }
    let passed = entry.verdict.iter().filter(|check| check.outcome == Outcome::Passed);
    let passed =
        passed.map(|check| (check.clone(), Value::of("", &check.expected), Value::of("", &check.got))).collect();
    let curl = told::curl(&entry, &frame.world_url.url(&entry.target));
    let (wrongs, parameters) = (told::wrong(&entry, reads), told::parameters(&entry));
    Ok(Page(RequestPage { frame, reads, wrongs, passed, parameters, curl, entry }).into_response())
}
