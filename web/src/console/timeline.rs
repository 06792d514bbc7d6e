//! One timeline of both servers: what happened in a world, each line with the request that it came of.

use std::{convert::Infallible, sync::Arc};

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    response::sse::{Event, KeepAlive, Sse},
    routing::get,
};
use chrono::{DateTime, Utc};
use futures::{Stream, StreamExt as _, stream};
use serde::Deserialize;
use serde_json::Value;
use worlds::{Record, moscow::date_time_s};

use crate::{
    AnyWorld, Frame, Page, Problem, Query, ReaderLanguage, filled,
    peer::{Peer, PeerError, PeerWorld},
    stand::Stand,
};

/// How many of the newest events of either server are on the page.
const SHOWN: u64 = 200;

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/timeline", get(timeline)).route("/control/console/timeline/news", get(news))
}

/// An event of either server.
struct Line {
    /// `idp` or `diary`.
    server: &'static str,
    at: DateTime<Utc>,
    recorded_at: DateTime<Utc>,
    text: String,
    /// Subject of the event, as `family` or `signed-in`.
    kind: String,
    /// Address of the request that it came of.
    request: Option<String>,
    /// Whom that request was about.
    person: Option<String>,
}

impl Line {
    fn at(&self) -> String {
        date_time_s(self.at)
    }
}

/// Which lines the page shows; an empty choice is none.
#[derive(Debug, Default, Deserialize)]
struct TimelineFilter {
    server: Option<String>,
    kind: Option<String>,
    person: Option<String>,
    text: Option<String>,
}

impl TimelineFilter {
    fn fits(&self, line: &Line) -> bool {
        let said = |choice: &Option<String>| filled(choice.clone());
        said(&self.server).is_none_or(|server| line.server == server)
            && said(&self.kind).is_none_or(|kind| line.kind == kind)
            && said(&self.person).is_none_or(|person| line.person.as_ref() == Some(&person))
            && said(&self.text).is_none_or(|text| line.text.to_lowercase().contains(&text.to_lowercase()))
    }
}

#[derive(Template)]
#[template(path = "console/timeline.html")]
struct TimelinePage {
    frame: Frame,
    reads: ReaderLanguage,
    filter: TimelineFilter,
    kinds: Vec<String>,
    people: Vec<String>,
    lines: Vec<Line>,
    /// The other server does not answer.
    is_alone: bool,
}

async fn timeline(
    State(stand): State<Stand>,
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    frame: Frame,
    reads: ReaderLanguage,
    Query(filter): Query<TimelineFilter>,
) -> Result<Page<TimelinePage>, Problem> {
    let mut lines = own(&*world, &frame).await?;
    let theirs = match &stand.peer {
        Some(peer) => theirs(peer, &*world).await,
        None => Ok(Vec::new()),
    };
    let is_alone = matches!(theirs, Err(PeerError::Silent(_) | PeerError::Refused(_)));
    lines.extend(theirs.unwrap_or_default());
    lines.sort_by_key(|line| std::cmp::Reverse((line.recorded_at, line.at)));
    let distinct = |value: fn(&Line) -> Option<String>| {
        let found: std::collections::BTreeSet<_> = lines.iter().filter_map(value).collect();
        found.into_iter().collect::<Vec<_>>()
    };
    let (kinds, people) = (distinct(|line| Some(line.kind.clone())), distinct(|line| line.person.clone()));
    lines.retain(|line| filter.fits(line));
    Ok(Page(TimelinePage { frame, reads, filter, kinds, people, lines, is_alone }))
}

async fn own(world: &dyn AnyWorld, frame: &Frame) -> Result<Vec<Line>, Problem> {
    let records = world.timeline(world.seq().saturating_sub(SHOWN), usize::MAX).await?;
    let line = |record: Record| {
        let recorded = world.recorded(record.seq);
        let request = recorded.and_then(|recorded| recorded.request);
        Line {
            server: frame.site,
            at: record.at,
            recorded_at: recorded.map_or(record.at, |recorded| recorded.at),
            text: world.tell(&record),
            kind: serde_json::from_str(record.event.get()).map(|event| kind(&event)).unwrap_or_default(),
            person: request.and_then(|id| world.journal().person_of(id)),
            request: request.map(|id| frame.path(&format!("/control/console/requests/{id}"))),
        }
    };
    Ok(records.into_iter().map(line).collect())
}

/// Subject of an event: the key of `{"family": {…}}`, or its `type`.
fn kind(event: &Value) -> String {
    let Value::Object(event) = event else { return String::new() };
    match event.get("type").and_then(Value::as_str) {
        Some(kind) => kind.to_owned(),
        None => event.keys().next().cloned().unwrap_or_default(),
    }
}

/// A line as the other server tells it.
#[derive(Deserialize)]
struct TheirLine {
    at: DateTime<Utc>,
    recorded_at: Option<DateTime<Utc>>,
    text: String,
    event: Value,
    request: Option<u64>,
    person: Option<String>,
}

async fn theirs(peer: &Peer, world: &dyn AnyWorld) -> Result<Vec<Line>, PeerError> {
    let name = world.name();
    let there: PeerWorld = peer.get(name, &format!("/control/worlds/{name}")).await?;
    let after = there.seq.saturating_sub(SHOWN);
    let lines: Vec<TheirLine> = peer.get(name, &format!("/control/timeline?after={after}&limit={SHOWN}")).await?;
    let line = |line: TheirLine| Line {
        server: peer.server(),
        at: line.at,
        recorded_at: line.recorded_at.unwrap_or(line.at),
        text: line.text,
        kind: kind(&line.event),
        request: line.request.map(|id| format!("{}/control/console/requests/{id}", peer.world(name))),
        person: line.person,
    };
    Ok(lines.into_iter().map(line).collect())
}

/// `GET /control/console/timeline/news`: an event whenever something has happened in this world at either server.
async fn news(
    State(stand): State<Stand>,
    Extension(world): Extension<Arc<dyn AnyWorld>>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let here = stream::unfold((Arc::clone(&world), world.subscribe()), async |(world, mut head)| {
        head.changed().await.ok()?;
        head.borrow_and_update();
        if world.is_dropped() { None } else { Some(((), (world, head))) }
    });
    let there = match &stand.peer {
        Some(peer) => their_news(peer, &*world).await.ok(),
        None => None,
    };
    let there = stream::iter(there).flatten();
    let news = stream::select(here.boxed(), there.boxed()).map(|()| Ok(Event::default().data("changed")));
    Sse::new(news).keep_alive(KeepAlive::default())
}

async fn their_news(peer: &Peer, world: &dyn AnyWorld) -> Result<impl Stream<Item = ()> + use<>, PeerError> {
    let name = world.name();
    let there: PeerWorld = peer.get(name, &format!("/control/worlds/{name}")).await?;
    let lines = peer.stream(name, &format!("/control/timeline/stream?after={}", there.seq)).await?;
    // A line that begins with a colon keeps the connection alive and says nothing.
    let is_news = |piece: &Result<_, _>| matches!(piece, Ok(bytes) if !AsRef::<[u8]>::as_ref(bytes).starts_with(b":"));
    Ok(lines
        .bytes_stream()
        .take_while(|piece| std::future::ready(piece.is_ok()))
        .filter(move |piece| std::future::ready(is_news(piece)))
        .map(drop))
}
