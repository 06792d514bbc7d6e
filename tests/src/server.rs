//! A server as a process, and what asks it.

use std::time::Duration;

use reqwest::{Client, Method, RequestBuilder, Response, header::HeaderMap, redirect::Policy};
use serde_json::Value;

use crate::{Program, must};

/// The media type of problem details (RFC 9457 §3).
const PROBLEM: &str = "application/problem+json";

/// An HTTP client that follows no redirects and keeps no cookies.
///
/// # Panics
/// When it cannot be made.
pub fn client() -> Client {
    must("HTTP client", Client::builder().redirect(Policy::none()).timeout(Duration::from_secs(30)).no_proxy().build())
}

/// A running server. It is killed when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// Its base URL, no slash at the end.
    pub url: String,
    /// The process that serves.
    pub program: Program,
    client: Client,
}

/// Answer of a server, read whole.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// HTTP status code.
    pub status: u16,
    /// HTTP headers, as they came.
    pub headers: HeaderMap,
    /// The body as text.
    pub text: String,
}

impl HttpResponse {
    /// Reads a whole response.
    ///
    /// # Panics
    /// When the body does not come.
    pub async fn of(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Self { status, headers, text: must("body", response.text().await) }
    }

    /// The JSON body of a success.
    ///
    /// # Panics
    /// Where the status is not 2xx, or the body is no `application/json`: an answer that cannot be read proves nothing.
    pub fn json(&self) -> Value {
        assert!((200..300).contains(&self.status), "no success: {} {}", self.status, self.text);
        assert_eq!(self.media_type(), "application/json", "{} {}", self.status, self.text);
        must("JSON", serde_json::from_str(&self.text))
    }

    /// The JSON body of a refusal: problem details (RFC 9457), or an error in a protocol's own form (RFC 6749 §5.2).
    ///
    /// # Panics
    /// Where the status is not 4xx or 5xx, or the body is no JSON.
    pub fn refusal(&self) -> Value {
        assert!((400..600).contains(&self.status), "no refusal: {} {}", self.status, self.text);
        let media_type = self.media_type();
        assert!(matches!(media_type, PROBLEM | "application/json"), "{media_type}: {} {}", self.status, self.text);
        must("JSON", serde_json::from_str(&self.text))
    }

    /// The media type without its parameters; empty when there is none.
    fn media_type(&self) -> &str {
        self.header("content-type").split(';').next().unwrap_or_default().trim()
    }

    /// A header as text; empty when it is not there.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// One line for a snapshot: the status, and of a problem its code and field. The words are the server's own affair.
    pub fn summary(&self) -> String {
        let problem = if self.media_type() == PROBLEM { self.refusal() } else { Value::Null };
        let part = |name: &str| problem.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        [self.status.to_string(), part("code"), part("field")].join(" ").trim_end().to_owned()
    }
}

impl Server {
    /// Starts `esia-stand` with these arguments and waits for its ready line.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn start(args: &[&str]) -> Self {
        Self::ready(Program::start(args)).await
    }

    /// The mock Gosuslugi on a free port.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn idp() -> Self {
        Self::start(&["idp", "--listen", "127.0.0.1:0", "--log", "error"]).await
    }

    /// The diary on a free port, with a provider.
    ///
    /// # Panics
    /// When it does not become ready.
    pub async fn diary(provider: &str) -> Self {
        Self::start(&["diary", "--listen", "127.0.0.1:0", "--idp", provider, "--log", "error"]).await
    }

    /// Waits for the ready line of a program.
    ///
    /// # Panics
    /// When it does not come.
    pub async fn ready(mut program: Program) -> Self {
        let Some(line) = program.line().await else {
            let ended = program.ended().await;
            panic!("esia-stand ended before it was ready ({:?}): {}", ended.code, ended.err);
        };
        let ready: Value = serde_json::from_str(&line).unwrap_or_default();
        let Some(url) = ready.get("url").and_then(Value::as_str) else { panic!("no ready line: {line}") };
        Self { url: url.to_owned(), program, client: client() }
    }

    /// A request to a path of this server.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url))
    }

    /// GET.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn get(&self, path: &str) -> HttpResponse {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST of a JSON body.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn post(&self, path: &str, body: &Value) -> HttpResponse {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn send(&self, request: RequestBuilder) -> HttpResponse {
        HttpResponse::of(must("no answer", request.send().await)).await
    }

    /// SIGKILL.
    ///
    /// # Panics
    /// When that is not possible.
    pub async fn kill(self) {
        self.program.kill().await;
    }
}
