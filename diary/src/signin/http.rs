//! HTTP requests to providers: no redirects or proxy; bounded time and body size; directly or through an edge.

use std::{sync::Arc, time::Duration};

use axum::http::{HeaderValue, StatusCode};
use esia::language::{Words, both};
use parking_lot::Mutex;
use reqwest::{Client, Method, Request, RequestBuilder, Response, header, redirect::Policy};
use url::Url;

use super::provider_error::ProviderError;

/// Maximum size of a response body, bytes.
const BODY_LIMIT: usize = 256 * 1024;
/// Maximum number of cached providers.
const PROVIDERS: usize = 256;

/// Header field that gives an edge the URL of the request.
const TARGET: &str = "x-esia-stand-target";

/// HTTP client of all requests to providers.
#[derive(Debug, Clone)]
pub(super) struct Outgoing {
    client: Client,
    /// URL of the edge that forwards requests; they go directly to providers when `None`.
    edge: Option<Url>,
}

impl Outgoing {
    /// Builds the client; its requests go through `edge`, if there is one.
    ///
    /// # Errors
    /// Fails if the TLS backend cannot be initialised.
    pub(super) fn new(edge: Option<Url>) -> reqwest::Result<Self> {
        let client = web::http_client().redirect(Policy::none()).no_proxy().build()?;
        Ok(Self { client, edge })
    }

    /// Begins a request to a provider.
    pub(super) fn request(&self, method: Method, url: String) -> RequestBuilder {
        self.client.request(method, url)
    }

    async fn execute(&self, mut request: Request) -> reqwest::Result<Response> {
        if let Some(edge) = &self.edge
            && let Ok(target) = HeaderValue::try_from(request.url().as_str())
        {
            request.headers_mut().insert(TARGET, target);
            *request.url_mut() = edge.clone();
        }
        self.client.execute(request).await
    }
}

/// Response whose body has been read.
pub(super) struct ProviderResponse {
    pub(super) status: StatusCode,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl ProviderResponse {
    /// Returns the body of a successful response.
    ///
    /// # Errors
    /// Fails with [`ProviderError::Refused`] for any other status.
    pub(super) fn success(self, what: Words) -> Result<Vec<u8>, ProviderError> {
        if self.status.is_success() {
            return Ok(self.body);
        }
        let body = String::from_utf8_lossy(&self.body).chars().take(300).collect();
        Err(ProviderError::Refused { what, status: self.status, body })
    }

    /// Checks whether the content type is JSON.
    pub(super) fn is_json(&self) -> bool {
        self.content_type.split(';').next().is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"))
    }
}

/// Sends a request and reads the whole response, whatever its status.
///
/// # Errors
/// Fails without a response, on a timeout, or if the body is too long.
pub(super) async fn send(
    http: &Outgoing,
    what: Words,
    request: reqwest::Result<Request>,
    timeout: Duration,
) -> Result<ProviderResponse, ProviderError> {
    let failed = |error: reqwest::Error| {
        if error.is_timeout() {
            return ProviderError::Silent(what);
        }
        // The URL is left out of the error, because it may contain secrets.
        let causes = std::iter::successors(std::error::Error::source(&error), |cause| cause.source());
        // The innermost cause names the actual fault, for example of a certificate.
        let source = causes.last().map(ToString::to_string);
        ProviderError::Unreachable { what, error: source.unwrap_or_else(|| error.without_url().to_string()) }
    };
    let mut request = request.map_err(failed)?;
    *request.timeout_mut() = Some(timeout);
    let mut response = http.execute(request).await.map_err(failed)?;
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(failed)? {
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(ProviderError::Junk {
                what,
                reason: both!("больше {BODY_LIMIT} байт", "more than {BODY_LIMIT} bytes"),
            });
        }
        body.extend_from_slice(&chunk);
    }
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    Ok(ProviderResponse { status: response.status(), content_type: content_type.unwrap_or_default().to_owned(), body })
}

/// Cache of one value for each provider, by base URL, newest last.
pub(super) struct ProviderCache<T>(Mutex<Vec<(String, Arc<T>)>>);

impl<T> Default for ProviderCache<T> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<T> ProviderCache<T> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_edge_is_asked_in_the_providers_place_and_told_where_the_request_goes() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let edge = format!("http://{}/secret", listener.local_addr().unwrap()).parse().unwrap();
        let app = axum::Router::new().fallback(async |request: axum::extract::Request| {
            let target = request.headers().get(TARGET).and_then(|value| value.to_str().ok()).unwrap_or_default();
            format!("{} {} {target}", request.method(), request.uri())
        });
        tokio::spawn(async { axum::serve(listener, app).await });
        let http = Outgoing::new(Some(edge)).unwrap();
        let request = http.request(Method::POST, "https://esia.test/te?a=1".to_owned()).build();
        let answer = send(&http, Words { russian: "маркер", english: "token" }, request, Duration::from_secs(10))
            .await
            .ok()
            .unwrap();
        assert_eq!(String::from_utf8(answer.body).unwrap(), "POST /secret https://esia.test/te?a=1");
    }

    #[tokio::test]
    async fn what_was_wrong_with_a_connection_is_told() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.try_write(b"HTTP/1.1 400 no TLS here\r\n\r\n");
            }
        });
        let http = Outgoing::new(None).unwrap();
        let sent = send(
            &http,
            Words { russian: "маркер", english: "token" },
            http.request(Method::GET, url).build(),
            Duration::from_secs(10),
        )
        .await;
        let told = sent.err().map(|error| error.to_string()).unwrap_or_default();
        assert!(told.contains("InvalidContentType"), "{told}");
    }
}
