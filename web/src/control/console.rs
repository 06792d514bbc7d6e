//! The console, the control API for people: timeline, requests with their verdicts, worlds, the clock. Grey, on both servers.

use std::{collections::BTreeSet, sync::Arc};
use worlds::moscow::date_time;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use worlds::{Check, ClockChange, Entry, Outcome, Summary};

use super::{
    clock::{duration, working_days},
    state::Control,
    told::{self, Value, Wrong},
};
use crate::docs::{CitedPassage, citations};
use crate::{AnyWorld, Form, Frame, Page, Problem, Query, ReaderLanguage, WorldUrl, see_other, wants::accepts_json};

/// How much of the newest is on a page.
const SHOWN: usize = 200;

pub(super) fn pages() -> Router<Control> {
    Router::new()
        .route("/control/console/timeline", get(timeline))
        .route("/control/console/requests", get(requests))
        .route("/control/console/requests/{id}", get(request))
        .route("/control/console/worlds", get(worlds))
        .route("/control/console/clock", post(move_clock))
}

struct Line {
    seq: u64,
    at: String,
    text: String,
}

#[derive(Template)]
#[template(path = "console/timeline.html")]
struct TimelinePage {
    frame: Frame,
    lines: Vec<Line>,
}

async fn timeline(Extension(world): Extension<Arc<dyn AnyWorld>>, frame: Frame) -> Result<Page<TimelinePage>, Problem> {
    let after = world.seq().saturating_sub(u64::try_from(SHOWN).unwrap_or(u64::MAX));
    let records = world.timeline(after, usize::MAX).await?;
    let line = |record| Line { text: world.tell(&record), seq: record.seq, at: date_time(record.at) };
    Ok(Page(TimelinePage { frame, lines: records.into_iter().map(line).rev().take(SHOWN).collect() }))
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
        let said = |choice: &Option<String>| choice.clone().filter(|choice| !choice.is_empty());
        let has_verdict = match said(&self.verdict).as_deref() {
            None => entry.outcome() != "none",
            Some("any") => true,
            Some(outcome) => entry.outcome() == outcome || entry.names(outcome),
        };
        has_verdict
            && said(&self.client).is_none_or(|client| entry.client.as_ref() == Some(&client))
            && said(&self.person).is_none_or(|person| entry.person.as_ref() == Some(&person))
            && said(&self.endpoint).is_none_or(|part| entry.path().contains(part.trim()))
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
    let entry = world.journal().get(id).ok_or_else(super::history::gone)?;
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

#[derive(Template)]
#[template(path = "console/worlds.html")]
struct WorldsPage {
    frame: Frame,
    worlds: Vec<Summary>,
}

async fn worlds(State(control): State<Control>, frame: Frame) -> Result<Page<WorldsPage>, Problem> {
    Ok(Page(WorldsPage { frame, worlds: control.worlds.list().await? }))
}

#[derive(Debug, Deserialize)]
struct Advance {
    #[serde(default)]
    advance: Option<String>,
    #[serde(default)]
    working_days: Option<u32>,
}

async fn move_clock(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    world_url: WorldUrl,
    Form(form): Form<Advance>,
) -> Result<Response, Problem> {
    let change = match form.working_days {
        Some(days) => working_days(world.now(), days)?,
        None => ClockChange::Advance(duration(&form.advance.unwrap_or_default())?),
    };
    world.change_clock(&change).await?;
    Ok(see_other(&world_url, "/"))
}
