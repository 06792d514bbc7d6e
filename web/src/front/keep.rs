//! The journal entry of a request, and the verdict in its answer.

use std::time::Instant;

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, header},
    response::Response,
};
use worlds::{Entry, Message, WorldName};

use crate::{AnyWorld, Checks, FaultNames, Problem, ReaderLanguage, WorldUrl, checks::Recorded, tester};

/// The id of a request in its world's journal.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-esia-stand-request");
/// The verdict of a request in one line: see [`worlds::verdict_line`].
pub(super) const VERDICT: HeaderName = HeaderName::from_static("x-esia-stand-verdict");

/// Names of the faults that have changed an answer on purpose, with commas between them.
pub(super) const FAULT: HeaderName = HeaderName::from_static("x-esia-stand-fault");

/// A request, as the journal keeps it.
pub(super) struct ReceivedRequest {
    pub(super) id: u64,
    /// Whether programs call the address.
    pub(super) by_program: bool,
    pub(super) method: Method,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    /// Path inside the world, and query.
    pub(super) target: String,
    pub(super) started: Instant,
    pub(super) world_url: WorldUrl,
    /// The language of the strip for testers.
    pub(super) reads: ReaderLanguage,
}

/// The client that a request named, for the log.
#[derive(Debug, Clone)]
pub(super) struct ClientId(pub(super) String);

/// The world of a request, and the team that asked its control API, for the log.
#[derive(Debug, Clone)]
pub(super) struct AskedIn {
    pub(super) world: WorldName,
    pub(super) team: Option<WorldName>,
}

/// Writes the journal entry and gives the answer its id and its verdict.
pub(super) async fn keep(
    world: &dyn AnyWorld,
    asked: ReceivedRequest,
    checks: &Checks,
    response: Response,
) -> Response {
    let id = asked.id;
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(REQUEST_ID, HeaderValue::from(id));
    let FaultNames(faults) = parts.extensions.remove::<FaultNames>().unwrap_or_default();
    if !faults.is_empty()
        && let Ok(named) = HeaderValue::try_from(faults.join(", "))
    {
        parts.headers.insert(FAULT, named);
    }
    let Recorded { verdict, client, person } = checks.take();
    let page = format!("/control/console/requests/{id}");
    let line = worlds::verdict_line(&verdict, &asked.world_url.url(&page));
    if let Some(line) = line.and_then(|line| HeaderValue::try_from(line).ok()) {
        parts.headers.insert(VERDICT, line);
    }
    let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // An answer that was changed on purpose is what the fault says, and nothing else.
    let is_ours = kind.starts_with("text/html") && faults.is_empty();
    let strip =
        is_ours.then(|| tester::strip(&verdict, parts.status, &asked.world_url.path(&page), asked.reads)).flatten();
    // Pages can be opened again; streams never end. What is looked at is whole in memory already.
    let (kept, body) = match (kind.contains("json"), strip) {
        (false, None) => (String::new(), body),
        (is_json, strip) => match to_bytes(body, usize::MAX).await {
            Ok(bytes) if is_json => (text(&bytes), Body::from(bytes)),
            Ok(page) => {
                // The length that the router has written is that of the page without its strip.
                parts.headers.remove(header::CONTENT_LENGTH);
                (String::new(), Body::from(tester::with_strip(&page, &strip.unwrap_or_default())))
            }
            Err(error) => return Problem::internal(error).problem(),
        },
    };
    if let Some(client) = &client {
        parts.extensions.insert(ClientId(client.clone()));
    }
    world.keep_request(Entry {
        id,
        at: world.now(),
        answered_at: world.wall_now(),
        method: asked.method.to_string(),
        target: asked.target,
        by_program: asked.by_program,
        client,
        person,
        request: Message { headers: fields(&asked.headers), body: text(&asked.body) },
        status: parts.status.as_u16(),
        response: Message { headers: fields(&parts.headers), body: kept },
        duration_us: micros(asked.started),
        verdict,
        faults,
    });
    Response::from_parts(parts, body)
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes.get(..worlds::KEPT_TEXT).unwrap_or(bytes)).into_owned()
}

pub(super) fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}
