//! Forwards requests of our diary to a foreign provider, so that they keep to its hosts and pace and are recorded. Only
//! requests with the secret path are forwarded.

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::State,
    http::{HeaderName, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use reqwest::{Client, redirect::Policy};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

use super::{
    book::{Asked, Asker},
    limits::Wire,
};
use crate::net;

/// Header field with the URL to which the diary's request is forwarded.
const TARGET: HeaderName = HeaderName::from_static("x-esia-stand-target");
/// Maximum size of a request body in bytes.
const LONGEST: usize = 1024 * 1024;
/// Header fields that belong to one connection, or that are set again.
const OF_A_CONNECTION: [HeaderName; 6] = [
    header::CONNECTION,
    header::CONTENT_LENGTH,
    header::HOST,
    header::TRANSFER_ENCODING,
    HeaderName::from_static("keep-alive"),
    TARGET,
];

/// Running edge. Dropping it stops the server.
#[derive(Debug)]
pub struct Edge {
    /// URL of the edge, with the secret path.
    pub url: Url,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Passing {
    wire: Arc<Wire>,
    client: Client,
    path: String,
}

impl Edge {
    /// Starts an edge for a provider on a free loopback port.
    ///
    /// # Errors
    /// Fails if no port is free or no HTTP client can be built.
    pub async fn open(wire: Arc<Wire>, provider: &Url, secret: &str) -> std::io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let path = format!("/{secret}");
        let url = format!("http://{}{path}", listener.local_addr()?).parse().map_err(std::io::Error::other)?;
        let client = net::client(provider).redirect(Policy::none()).build().map_err(std::io::Error::other)?;
        let router = Router::new().fallback(pass).with_state(Arc::new(Passing { wire, client, path }));
        let serving = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::warn!(%error, "the edge of the diary has ended");
            }
        });
        Ok(Self { url, serving })
    }
}

impl Drop for Edge {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn pass(State(passing): State<Arc<Passing>>, request: axum::extract::Request) -> Response {
    let target = request.headers().get(&TARGET).and_then(|target| target.to_str().ok()?.parse::<Url>().ok());
    let Some(target) = target.filter(|_| request.uri().path() == passing.path) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match passed(&passing, target, request).await {
        Ok(response) => response,
        Err(told) => {
            tracing::warn!(told, "a request of the diary was not passed on");
            (StatusCode::BAD_GATEWAY, told).into_response()
        }
    }
}

async fn passed(passing: &Passing, target: Url, request: axum::extract::Request) -> Result<Response, String> {
    passing.wire.admit(&target).await?;
    let (mut parts, body) = request.into_parts();
    for name in &OF_A_CONNECTION {
        parts.headers.remove(name);
    }
    let body = to_bytes(body, LONGEST).await.map_err(|error| error.to_string())?;
    let request = passing.client.request(parts.method, target).headers(parts.headers).body(body);
    let request = request.build().map_err(|error| error.to_string())?;
    let asked = Asked::of(&request, Asker::Diary, None);
    let response = passing.client.execute(request).await.map_err(|error| net::reason(&error))?;
    let (status, mut headers) = (response.status(), response.headers().clone());
    let body = response.bytes().await.map_err(|error| net::reason(&error))?;
    passing.wire.book().keep(asked.answered(status.as_u16(), &headers, &String::from_utf8_lossy(&body)));
    for name in &OF_A_CONNECTION {
        headers.remove(name);
    }
    let mut answer = Response::new(Body::from(body));
    (*answer.status_mut(), *answer.headers_mut()) = (status, headers);
    Ok(answer)
}
