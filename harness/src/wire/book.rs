//! Record of the exchanges of one scenario, in the order of their responses.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use reqwest::{Request, header::HeaderMap};
use url::Url;
use worlds::{Entry, Message, SystemWall, WallClock as _};

use crate::control::Party;

/// Maximum size of a body that is recorded, in bytes.
const KEPT: usize = 256 * 1024;

/// Sender of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person's browser.
    Person,
    /// The diary, to the provider.
    Diary,
    /// The provider, to the diary.
    Provider,
    /// The program of a scenario, to the team's own site.
    Program,
}

impl Asker {
    /// Name of the sender in recordings.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Diary => "diary",
            Self::Provider => "provider",
            Self::Program => "program",
        }
    }
}

/// Request and its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Full URL of the request.
    pub url: Url,
    /// Sender of the request.
    pub asker: Asker,
    /// Request and response; bodies are kept only if they are JSON or JWT.
    pub entry: Entry,
}

/// Exchange with the side that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptExchange {
    /// Side that was asked; `None` for the team's own site.
    pub party: Option<Party>,
    /// Request and its response.
    pub exchange: Exchange,
}

/// Exchanges of one scenario.
#[derive(Debug, Default)]
pub struct Book(Mutex<Vec<Exchange>>);

impl Book {
    pub(super) fn keep(&self, exchange: Exchange) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }

    /// Takes all exchanges so far and leaves the book empty.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Request that is about to be sent.
pub(super) struct Asked {
    url: Url,
    method: String,
    message: Message,
    began_at: DateTime<Utc>,
    asker: Asker,
}

impl Asked {
    /// Records a request with the cookies that the client will add.
    pub(super) fn of(request: &Request, asker: Asker, cookies: Option<String>) -> Self {
        let mut headers = told(request.headers());
        headers.extend(cookies.map(|cookies| ("cookie".to_owned(), cookies)));
        let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
        let message = Message { headers, body: String::from_utf8_lossy(body).into_owned() };
        let (url, method) = (request.url().clone(), request.method().to_string());
        Self { url, method, message, began_at: SystemWall.now(), asker }
    }

    /// Completes the exchange with the response.
    pub(super) fn answered(self, status: u16, headers: &HeaderMap, body: &str) -> Exchange {
        let answered_at = SystemWall.now();
        let headers = told(headers);
        let kind = headers.iter().find(|(name, _)| name == "content-type").map_or("", |(_, kind)| kind.as_str());
        let is_kept = body.len() <= KEPT && (kind.contains("json") || kind.contains("jwt"));
        let body = if is_kept { body.to_owned() } else { String::new() };
        let target =
            self.url.query().map_or_else(|| self.url.path().to_owned(), |query| format!("{}?{query}", self.url.path()));
        let took = (answered_at - self.began_at).num_microseconds().unwrap_or_default();
        let entry = Entry {
            id: 0,
            at: answered_at,
            answered_at,
            method: self.method,
            target,
            by_program: self.asker != Asker::Person,
            client: None,
            person: None,
            request: self.message,
            status,
            response: Message { headers, body },
            duration_us: took.unsigned_abs(),
            verdict: Vec::new(),
            faults: Vec::new(),
        };
        Exchange { url: self.url, asker: self.asker, entry }
    }
}

fn told(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

/// Book into which several senders record.
pub(super) type SharedBook = Arc<Book>;
