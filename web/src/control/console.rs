//! The control door for people: timeline, requests with their verdicts, worlds, the clock. Grey, on both servers.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;
use worlds::{ClockChange, Entry, Outcome, Summary};

use super::{
    Control,
    clock::{duration, working_days},
};
use crate::{AnyWorld, Form, Frame, Page, Place, Trouble, date_time, see_other};

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

async fn timeline(Extension(world): Extension<Arc<dyn AnyWorld>>, frame: Frame) -> Result<Page<TimelinePage>, Trouble> {
    let after = world.seq().saturating_sub(u64::try_from(SHOWN).unwrap_or(u64::MAX));
    let records = world.timeline(after, usize::MAX).await?;
    let line = |record| Line { text: world.tell(&record), seq: record.seq, at: date_time(record.at) };
    Ok(Page(TimelinePage { frame, lines: records.into_iter().map(line).rev().take(SHOWN).collect() }))
}

/// Whether anything was wrong with a request, for a reader.
fn summary(entry: &Entry) -> (&'static str, &'static str) {
    let has = |outcome| entry.verdict.iter().any(|check| check.outcome == outcome);
    match (has(Outcome::Failed), has(Outcome::Tolerated), entry.verdict.is_empty()) {
        (true, _, _) => ("bad", "отказ"),
        (false, true, _) => ("warn", "терпимо"),
        (false, false, false) => ("ok", "верно"),
        (false, false, true) => ("", "без проверок"),
    }
}

/// Which rules were broken, and the protocol's codes for it.
fn broken(entry: &Entry) -> String {
    let wrong = entry.verdict.iter().filter(|check| check.outcome != Outcome::Passed);
    let one = |check: &worlds::Check| match &check.error {
        Some(error) => format!("{}: {error}", check.rule),
        None => check.rule.clone(),
    };
    wrong.map(one).collect::<Vec<_>>().join(", ")
}

/// A check's outcome for a reader.
fn outcome(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Passed => ("ok", "верно"),
        Outcome::Failed => ("bad", "неверно"),
        Outcome::Tolerated => ("warn", "терпимо"),
    }
}

#[derive(Template)]
#[template(path = "console/requests.html")]
struct RequestsPage {
    frame: Frame,
    entries: Vec<Entry>,
}

async fn requests(Extension(world): Extension<Arc<dyn AnyWorld>>, frame: Frame) -> Page<RequestsPage> {
    Page(RequestsPage { frame, entries: world.journal().newest(None, SHOWN) })
}

#[derive(Template)]
#[template(path = "console/request.html")]
struct RequestPage {
    frame: Frame,
    entry: Entry,
}

async fn request(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<RequestPage>, Trouble> {
    let entry = world.journal().get(id).ok_or_else(super::history::gone)?;
    Ok(Page(RequestPage { frame, entry }))
}

#[derive(Template)]
#[template(path = "console/worlds.html")]
struct WorldsPage {
    frame: Frame,
    worlds: Vec<Summary>,
}

async fn worlds(State(control): State<Control>, frame: Frame) -> Result<Page<WorldsPage>, Trouble> {
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
    place: Place,
    Form(form): Form<Advance>,
) -> Result<Response, Trouble> {
    let change = match form.working_days {
        Some(days) => working_days(world.now(), days)?,
        None => ClockChange::Advance(duration(&form.advance.unwrap_or_default())?),
    };
    world.change_clock(&change).await?;
    Ok(see_other(&place, "/"))
}
