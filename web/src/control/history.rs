//! `/control/timeline` and `/control/requests`: what happened in the request's world, and what was filter of it.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    Extension,
    extract::Path,
    response::sse::{Event, KeepAlive, Sse},
};
use chrono::{DateTime, Utc};
use esia::language::{Language, answering_in, pick, spoken};
use futures::Stream;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use utoipa::{IntoParams, ToSchema};
use worlds::Record;

use crate::{AnyWorld, Json, Problem, Query, problem::ProblemDetails};

/// One event for a reader.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Line {
    /// 1, 2, 3, … without gaps.
    seq: u64,
    /// When, by the world's clock.
    at: DateTime<Utc>,
    /// When it was recorded, by the machine's clock; of the world's last events. Tells the order of two servers' events where
    /// the world's clock stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded_at: Option<DateTime<Utc>>,
    /// The request that it was decided for, as `/control/requests` numbers it.
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<u64>,
    /// Whom that request was about.
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<String>,
    /// One sentence, in the language that was asked for.
    text: String,
    /// The event itself.
    #[schema(value_type = Object)]
    event: Arc<RawValue>,
}

/// Which part of a timeline.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct TimelinePart {
    /// Events after this sequence number.
    #[serde(default)]
    after: u64,
    /// At most so many, up to 1000.
    #[serde(default = "hundred")]
    limit: usize,
    /// `en` for English texts, whatever `Accept-Language` says.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

/// Which part of a journal.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestFilter {
    /// Requests before this id.
    before: Option<u64>,
    /// Requests after this id.
    after: Option<u64>,
    /// Requests of the system with this `client_id`.
    client: Option<String>,
    /// `failed`, `tolerated`, `ok`, `none`; or the name of a rule or of a mistake that was found, as `slip-missing` or
    /// `slip-missing=state`.
    verdict: Option<String>,
    /// At most so many, up to 1000.
    #[serde(default = "hundred")]
    limit: usize,
    /// `en` for English texts, whatever `Accept-Language` says.
    #[serde(rename = "lang")]
    _lang: Option<String>,
}

fn hundred() -> usize {
    100
}

fn line(world: &dyn AnyWorld, record: Record) -> Line {
    let recorded = world.recorded(record.seq);
    let request = recorded.and_then(|recorded| recorded.request);
    Line {
        text: world.tell(&record),
        seq: record.seq,
        at: record.at,
        recorded_at: recorded.map(|recorded| recorded.at),
        request,
        person: request.and_then(|id| world.journal().person_of(id)),
        event: record.event,
    }
}

async fn lines(world: &dyn AnyWorld, after: u64, limit: usize) -> Result<Vec<Line>, Problem> {
    let records = world.timeline(after, limit.min(1000)).await?;
    Ok(records.into_iter().map(|record| line(world, record)).collect())
}

/// What happened in this world, oldest first. Where the first line after 0 is not number 1, earlier events are not kept any
/// more (`--keep-events`).
#[utoipa::path(get, path = "/control/timeline", tag = "history", params(TimelinePart), responses((status = 200, body = [Line])))]
pub(crate) async fn timeline(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Query(part): Query<TimelinePart>,
) -> Result<Json<Vec<Line>>, Problem> {
    Ok(Json(lines(&*world, part.after, part.limit).await?))
}

/// The same as server-sent events, from `after` on and going on as things happen. The id of an event is its `seq`.
#[utoipa::path(get, path = "/control/timeline/stream", tag = "history", params(TimelinePart),
    responses((status = 200, content_type = "text/event-stream", body = Line)))]
pub(crate) async fn stream(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Query(part): Query<TimelinePart>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let news = world.subscribe();
    let reader = Reader { world, news, after: part.after, ready: Vec::new().into_iter(), language: spoken() };
    let events = futures::stream::unfold(reader, next);
    Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(15)))
}

/// A reader of the stream: what it has had, and what is ready for it.
struct Reader {
    world: Arc<dyn AnyWorld>,
    news: tokio::sync::watch::Receiver<u64>,
    /// Number of the last event that was handed over.
    after: u64,
    ready: std::vec::IntoIter<Line>,
    /// What was asked for: the stream goes on after its request.
    language: Language,
}

/// The next event of a stream, waited for; `None` once the world is dropped.
async fn next(mut reader: Reader) -> Option<(Result<Event, Infallible>, Reader)> {
    loop {
        if let Some(line) = reader.ready.next() {
            reader.after = line.seq;
            let event = Event::default().id(line.seq.to_string()).json_data(&line).unwrap_or_default();
            return Some((Ok(event), reader));
        }
        reader.news.borrow_and_update();
        let ready = answering_in(reader.language, lines(&*reader.world, reader.after, 100)).await;
        reader.ready = ready.ok()?.into_iter();
        if reader.ready.len() == 0 {
            reader.news.changed().await.ok()?;
        }
        if reader.world.is_dropped() {
            return None;
        }
    }
}

/// The requests that a world has answered, newest first, each with its verdict in the language that was asked for; the query
/// filters them.
#[utoipa::path(get, path = "/control/requests", tag = "history", params(RequestFilter), responses((status = 200, body = [Object])))]
pub(crate) async fn requests(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Query(filter): Query<RequestFilter>,
) -> Json<Vec<worlds::Entry>> {
    let entries = world.journal().newest(filter.limit.min(1000), |entry| filter.fits(entry));
    Json(entries.into_iter().map(|entry| entry.told_in(spoken())).collect())
}

impl RequestFilter {
    fn fits(&self, entry: &worlds::Entry) -> bool {
        self.before.is_none_or(|before| entry.id < before)
            && self.after.is_none_or(|after| entry.id > after)
            && self.client.as_ref().is_none_or(|client| entry.client.as_ref() == Some(client))
            && self.verdict.as_ref().is_none_or(|verdict| entry.outcome() == verdict.as_str() || entry.names(verdict))
    }
}

/// One request by the id that its answer carried in `X-Esia-Stand-Request`.
#[utoipa::path(get, path = "/control/requests/{id}", tag = "history",
    responses((status = 200, body = Object), (status = 404, body = ProblemDetails)))]
pub(crate) async fn request(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    Path(id): Path<u64>,
) -> Result<Json<worlds::Entry>, Problem> {
    let entry = world.request(id).await?.ok_or_else(gone)?;
    Ok(Json(entry.told_in(spoken())))
}

/// 404 for an entry that is not kept, or never was.
pub(crate) fn gone() -> Problem {
    Problem::not_found(pick(
        "Такого запроса в журнале нет: журнал хранит только последние",
        "There is no such request in the journal, which keeps the last ones only",
    ))
}
