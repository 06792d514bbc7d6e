//! Requests to the provider, through either door: no redirects, no proxies, so long at most, so much at most.

use std::{sync::Arc, time::Duration};

use axum::http::StatusCode;
use parking_lot::Mutex;
use reqwest::{Client, Request, header, redirect::Policy};

use super::fault::GosuslugiError;

/// The largest answer that is read, bytes.
const ANSWER_LIMIT: usize = 256 * 1024;
/// Of so many providers something is remembered.
const PROVIDERS: usize = 256;

/// The client of all requests.
///
/// # Errors
/// The library's.
pub(super) fn client() -> reqwest::Result<Client> {
    Client::builder().redirect(Policy::none()).no_proxy().build()
}

/// An answer that has been read to its end.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl Answer {
    /// The body of a success.
    ///
    /// # Errors
    /// [`GosuslugiError::Refused`] for anything else.
    pub(super) fn success(self, what: &'static str) -> Result<Vec<u8>, GosuslugiError> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let body = String::from_utf8_lossy(&self.body).chars().take(300).collect();
        Err(GosuslugiError::Refused { what, status: self.status, body })
    }

    /// Whether it says that it is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }
}

/// Sends a request and reads the whole answer, whatever its status.
///
/// # Errors
/// No answer, none in time, or one that is too long.
pub(super) async fn send(
    http: &Client,
    what: &'static str,
    request: reqwest::Result<Request>,
    timeout: Duration,
) -> Result<Answer, GosuslugiError> {
    let failed = |error: reqwest::Error| {
        if error.is_timeout() {
            return GosuslugiError::Silent(what);
        }
        // Without the address: there may be more in it than in the error.
        let source = std::error::Error::source(&error).map(ToString::to_string);
        GosuslugiError::Unreachable { what, error: source.unwrap_or_else(|| error.without_url().to_string()) }
    };
    let mut request = request.map_err(failed)?;
    *request.timeout_mut() = Some(timeout);
    let mut answer = http.execute(request).await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > ANSWER_LIMIT {
            return Err(GosuslugiError::Junk { what, reason: format!("больше {ANSWER_LIMIT} байт") });
        }
        body.extend_from_slice(&chunk);
    }
    let content_type = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Ok(Answer { status: answer.status(), content_type: content_type.unwrap_or_default().to_owned(), body })
}

/// What is remembered of providers, by base URL, the newest last.
pub(super) struct Remembered<T>(Mutex<Vec<(String, Arc<T>)>>);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> Remembered<T> {
    pub(super) fn get(&self, base: &str) -> Option<Arc<T>> {
        self.0.lock().iter().find(|(known, _)| known == base).map(|(_, kept)| Arc::clone(kept))
    }

    pub(super) fn put(&self, base: &str, value: T) -> Arc<T> {
        let value = Arc::new(value);
        let mut known = self.0.lock();
        known.retain(|(other, _)| other != base);
        if known.len() >= PROVIDERS {
            known.remove(0);
        }
        known.push((base.to_owned(), Arc::clone(&value)));
        value
    }
}
