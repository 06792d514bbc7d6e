//! The grey strip under a page that refuses a person: for testers, why, and where the whole verdict stands.

use askama::Template;
use axum::http::StatusCode;
use worlds::{
    Check, Outcome,
    mistakes::{find, split},
};

use crate::{ReaderLanguage, visible};

#[derive(Template)]
#[template(path = "tester.html")]
struct Strip<'v> {
    /// The check that the request was refused for; none where nothing of it was checked.
    check: Option<&'v Check>,
    expected: String,
    got: String,
    told: Vec<(String, String)>,
    status: u16,
    page: &'v str,
    reads: ReaderLanguage,
}

/// The strip of an answer that refuses; `page` is the path of the verdict.
pub(crate) fn strip(verdict: &[Check], status: StatusCode, page: &str, reads: ReaderLanguage) -> Option<String> {
    let check = verdict.iter().find(|check| check.outcome == Outcome::Failed);
    let check = check.map(|check| check.clone().told_in(reads.0));
    let check = check.as_ref();
    if check.is_none() && !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let told = |name: &str| {
        let (mistake, (_, value)) = (find(name)?, split(name));
        let value = value.map(|value| visible(&value));
        let told = |text: &worlds::mistakes::Text| text.told(reads.0, value.as_deref());
        Some((told(&mistake.cause), told(&mistake.remedy)))
    };
    let told = check.map(|check| check.names().into_iter().filter_map(told).collect()).unwrap_or_default();
    let shown = |text: fn(&Check) -> &str| check.map(|check| visible(text(check))).unwrap_or_default();
    let (expected, got) = (shown(|check| &check.expected), shown(|check| &check.got));
    Strip { check, expected, got, told, status: status.as_u16(), page, reads }.render().ok()
}

/// A page with the strip after its contents.
pub(crate) fn with_strip(page: &[u8], strip: &str) -> Vec<u8> {
    const END: &[u8] = b"</main>";
    let at = page.windows(END.len()).rposition(|part| part == END).map_or(page.len(), |at| at + END.len());
    let (before, after) = page.split_at(at);
    [before, strip.as_bytes(), after].concat()
}
