//! The exchanges of one scenario, in the order in which they were answered.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, Utc};
use reqwest::{Request, header::HeaderMap};
use url::Url;
use worlds::{Entry, Message, SystemWall, WallClock as _};

use crate::control::Party;

/// Largest body that is kept, bytes.
const KEPT: usize = 256 * 1024;

/// Whoever has sent a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asker {
    /// A person's browser.
    Person,
    /// The diary, at the provider.
    Diary,
    /// The provider, at the diary.
    Provider,
    /// The program of a scenario, at the team's own site.
    Program,
}

impl Asker {
    /// As a recording names it.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Diary => "diary",
            Self::Provider => "provider",
            Self::Program => "program",
        }
    }
}

/// A request and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The whole address that was asked.
    pub url: Url,
    /// Whoever has sent it.
    pub asker: Asker,
    /// The request and its answer; bodies of pages are left out.
    pub entry: Entry,
}

/// An exchange and the side that was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptExchange {
    /// The side that was asked; `None` for the team's own site.
    pub party: Option<Party>,
    /// The request and its answer.
    pub exchange: Exchange,
}

/// The exchanges of one scenario.
#[derive(Debug, Default)]
pub struct Book(Mutex<Vec<Exchange>>);

impl Book {
    pub(super) fn keep(&self, exchange: Exchange) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }

    /// Everything so far; the book is empty then.
    pub fn take(&self) -> Vec<Exchange> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// A request that is about to leave.
pub(super) struct Asked {
    url: Url,
    method: String,
    message: Message,
    began_at: DateTime<Utc>,
    asker: Asker,
}

impl Asked {
    /// The request, with the cookies that the client will add.
    pub(super) fn of(request: &Request, asker: Asker, cookies: Option<String>) -> Self {
        let mut headers = told(request.headers());
        headers.extend(cookies.map(|cookies| ("cookie".to_owned(), cookies)));
        let body = request.body().and_then(|body| body.as_bytes()).unwrap_or_default();
        let message = Message { headers, body: String::from_utf8_lossy(body).into_owned() };
        let (url, method) = (request.url().clone(), request.method().to_string());
        Self { url, method, message, began_at: SystemWall.now(), asker }
    }

    /// The whole exchange, with the answer.
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

/// A book that others write in too.
pub(super) type SharedBook = Arc<Book>;
