//! A server as a process, and what asks it.

use std::time::Duration;

use answers_for_tests::ReadAnswer;
use http::Extensions;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::Value;

use crate::{Program, must};

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

/// Reads a whole answer.
///
/// # Panics
/// When the body does not come.
pub async fn read(answer: Response) -> ReadAnswer {
    let (status, headers) = (answer.status(), answer.headers().clone());
    ReadAnswer { status, headers, body: must("body", answer.text().await), extensions: Extensions::new() }
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
    pub async fn get(&self, path: &str) -> ReadAnswer {
        self.send(self.request(Method::GET, path)).await
    }

    /// POST of a JSON body.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn post(&self, path: &str, body: &Value) -> ReadAnswer {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    /// Sends a request and reads the whole answer.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn send(&self, request: RequestBuilder) -> ReadAnswer {
        read(must("no answer", request.send().await)).await
    }

    /// SIGKILL.
    ///
    /// # Panics
    /// When that is not possible.
    pub async fn kill(self) {
        self.program.kill().await;
    }
}
