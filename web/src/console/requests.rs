//! Requests of a world with their verdicts, filtered.

use std::{collections::BTreeSet, sync::Arc};

use askama::Template;
use axum::{Extension, Router, routing::get};
use serde::Deserialize;
use worlds::Entry;

use super::told;
use crate::{AnyWorld, Frame, Page, Query, ReaderLanguage, filled, stand::Stand};

/// How many of the newest are on a page.
const SHOWN: usize = 200;

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/requests", get(requests))
}

/// Whether anything was wrong with a request, for a reader.
fn summary(entry: &Entry, reads: ReaderLanguage) -> (&'static str, &'static str) {
    match entry.outcome() {
        "failed" => ("bad", reads.t("отказ", "refused")),
        "tolerated" => ("warn", reads.t("терпимо", "tolerated")),
        "ok" => ("ok", reads.t("верно", "right")),
        _ => ("", reads.t("не проверялся", "not checked")),
    }
}

/// The mistakes of a request in words; the rules that were broken where none is known.
fn broken(entry: &Entry, reads: ReaderLanguage) -> String {
    let wrong = told::wrong(entry, reads);
    wrong.iter().map(|wrong| wrong.sentence().to_owned()).collect::<Vec<_>>().join(" ")
}

/// The choices of a verdict: value, Russian, English.
const VERDICTS: &[(&str, &str, &str)] = &[
    ("failed", "только отказы", "refused"),
    ("tolerated", "терпимо", "tolerated"),
    ("ok", "верно", "right"),
    ("any", "и без проверок", "unchecked ones too"),
];

/// Which requests the list shows; an empty choice is none.
#[derive(Debug, Default, Deserialize)]
struct Filter {
    verdict: Option<String>,
    client: Option<String>,
    person: Option<String>,
    endpoint: Option<String>,
}

impl Filter {
    fn fits(&self, entry: &Entry) -> bool {
        let said = |choice: &Option<String>| filled(choice.clone());
        let has_verdict = match said(&self.verdict).as_deref() {
            None => entry.outcome() != "none",
            Some("any") => true,
            Some(outcome) => entry.outcome() == outcome || entry.names(outcome),
        };
        has_verdict
            && said(&self.client).is_none_or(|client| entry.client.as_ref() == Some(&client))
            && said(&self.person).is_none_or(|person| entry.person.as_ref() == Some(&person))
            && said(&self.endpoint).is_none_or(|part| entry.path().contains(&part))
    }
}

#[derive(Template)]
#[template(path = "console/requests.html")]
struct RequestsPage {
    frame: Frame,
    reads: ReaderLanguage,
    filter: Filter,
    clients: BTreeSet<String>,
    people: BTreeSet<String>,
    entries: Vec<Entry>,
}

async fn requests(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    frame: Frame,
    reads: ReaderLanguage,
    Query(filter): Query<Filter>,
) -> Page<RequestsPage> {
    let journal = world.journal();
    let entries = journal.newest(SHOWN, |entry| filter.fits(entry));
    let known = journal.newest(usize::MAX, |entry| entry.client.is_some() || entry.person.is_some());
    let clients = known.iter().filter_map(|entry| entry.client.clone()).collect();
    let people = known.iter().filter_map(|entry| entry.person.clone()).collect();
    Page(RequestsPage { frame, reads, filter, clients, people, entries })
}
