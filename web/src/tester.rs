//! The grey strip under a page that refuses a person: for testers, why, and where the whole verdict stands.

use askama::Template;
use worlds::{
    Check, Outcome,
    mistakes::{Language, find, split},
};

use crate::visible;

#[derive(Template)]
#[template(path = "tester.html")]
struct Strip<'v> {
    rule: &'v str,
    got: String,
    error: Option<&'v str>,
    told: Vec<(String, String)>,
    page: &'v str,
}

/// The strip of a verdict whose request was refused; `page` is the path of the verdict.
pub(crate) fn strip(verdict: &[Check], page: &str) -> Option<String> {
    let check = verdict.iter().find(|check| check.outcome == Outcome::Failed)?;
    let told = |name: &str| {
        let (mistake, (_, value)) = (find(name)?, split(name));
        let value = value.map(|value| visible(&value));
        let told = |text: &worlds::mistakes::Text| text.told(Language::Russian, value.as_deref());
        Some((told(&mistake.cause), told(&mistake.remedy)))
    };
    let told = check.names().into_iter().filter_map(told).collect();
    Strip { rule: &check.rule, got: visible(&check.got), error: check.error.as_deref(), told, page }.render().ok()
}

/// A page with the strip after its contents.
pub(crate) fn with_strip(page: &[u8], strip: &str) -> Vec<u8> {
    const END: &[u8] = b"</main>";
    let at = page.windows(END.len()).rposition(|part| part == END).map_or(page.len(), |at| at + END.len());
    let (before, after) = page.split_at(at);
    [before, strip.as_bytes(), after].concat()
}
