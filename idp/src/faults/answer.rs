//! Response on its way out, buffered so that a fault can change it.

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::Response,
};
use serde_json::Value;
use web::{FaultNames, Wire};

/// Response whose body is in memory.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) extensions: Extensions,
}

impl Answer {
    /// Creates the response to a request that is not processed. The connection does not carry it.
    pub(super) fn of_nothing() -> Self {
        let (headers, body, extensions) = (HeaderMap::new(), Bytes::new(), Extensions::new());
        Self { status: StatusCode::SERVICE_UNAVAILABLE, headers, body, extensions }
    }

    /// Buffers a response. No response of a protocol is a stream.
    pub(super) async fn read(response: Response) -> Self {
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
        Self { status: parts.status, headers: parts.headers, body, extensions: parts.extensions }
    }

    /// Replaces the body.
    pub(super) fn with_body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.headers.remove(header::CONTENT_LENGTH);
        self
    }

    /// Replaces the status.
    pub(super) fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Sets a header.
    pub(super) fn with_header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Replaces the response with an HTML page.
    pub(super) fn page(self, status: StatusCode, html: &'static str) -> Self {
        self.with_status(status).with_body(html).with_header(header::CONTENT_TYPE, "text/html; charset=utf-8")
    }

    /// Sets what the connection does with the response.
    pub(super) fn carried(mut self, wire: Wire) -> Self {
        self.extensions.insert(wire);
        self
    }

    /// Returns the body as JSON; `None` unless the status is a success.
    pub(super) fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.body).ok().filter(|_| self.status.is_success())
    }

    /// Builds the response; its extensions name the faults that have changed it.
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
