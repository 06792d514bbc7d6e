//! An answer on its way out, read whole, so that it can be changed.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;
use web::{FaultNames, Wire};

/// An answer, whole in memory.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) extensions: Extensions,
}

impl Answer {
    /// The answer to a request that is not acted upon: its connection will not carry it.
    pub(super) fn of_nothing() -> Self {
        let (headers, body, extensions) = (HeaderMap::new(), Bytes::new(), Extensions::new());
        Self { status: StatusCode::SERVICE_UNAVAILABLE, headers, body, extensions }
    }

    /// Reads a response. None of a protocol is a stream.
    pub(super) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Self { status: parts.status, headers: parts.headers, body, extensions: parts.extensions }
    }

    /// The same with another body.
    pub(super) fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.headers.remove(header::CONTENT_LENGTH);
        self
    }

    /// The same with another status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The same with a header set.
    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// A page in its place.
    pub(super) fn page(self, status: StatusCode, html: &'static str) -> Self {
        self.with_status(status).with_body(html).with_header(header::CONTENT_TYPE, "text/html; charset=utf-8")
    }

    /// The same, carried by a connection that does something with it.
    pub(super) fn carried(mut self, wire: Wire) -> Self {
        self.extensions.insert(wire);
        self
    }

    /// The body as JSON, where it is a good answer.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().filter(|_| self.status.is_success())
    }

    /// The response, which names the faults that have changed it.
    pub(super) fn named(mut self, faults: Vec<String>) -> Response {
        if !faults.is_empty() {
            self.extensions.insert(FaultNames(faults));
        }
        let mut response = Response::new(Body::from(self.body));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers;
        *response.extensions_mut() = self.extensions;
        response
    }
}
