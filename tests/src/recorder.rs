//! A proxy on loopback that keeps what goes through it.

use std::sync::Arc;

use answers_for_tests::media_type;
use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use tokio::{
    net::TcpListener,
    sync::{Mutex, oneshot},
};

use crate::{client, must};

/// The largest body that it passes on, bytes.
const LARGEST: usize = 64 * 1024 * 1024;

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// `GET`, `POST`, …
    pub method: Method,
    /// The path as it was asked, world included, without the query.
    pub path: String,
    /// The status of the answer.
    pub status: u16,
    /// Its media type without parameters; empty when it has none.
    pub media_type: String,
    /// Its body; empty for an event stream, which may never end.
    pub body: Vec<u8>,
}

/// A proxy before one server. It ends when this is dropped.
#[derive(Debug)]
pub struct Recorder {
    /// Base URL, `http://127.0.0.1:PORT`.
    pub url: String,
    kept: Arc<Mutex<Vec<Exchange>>>,
    _stop: oneshot::Sender<()>,
}

#[derive(Clone)]
struct Route {
    to: String,
    client: reqwest::Client,
    kept: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    /// Stands before the server at a base URL without a slash at its end.
    ///
    /// # Panics
    /// When it cannot listen.
    pub async fn before(server: &str) -> Self {
        let listener = must("a free port", TcpListener::bind("127.0.0.1:0").await);
        let url = format!("http://{}", must("its address", listener.local_addr()));
        let kept = Arc::default();
        let route = Route { to: server.to_owned(), client: client(), kept: Arc::clone(&kept) };
        let router = Router::new().fallback(pass_on).with_state(route);
        let (stop, stopped) = oneshot::channel::<()>();
        tokio::spawn(async move {
            let running = axum::serve(listener, router).with_graceful_shutdown(async {
                let _ = stopped.await;
            });
            must("the proxy", running.await);
        });
        Self { url, kept, _stop: stop }
    }

    /// Requests and answers so far.
    pub async fn exchanges(&self) -> Vec<Exchange> {
        self.kept.lock().await.clone()
    }
}

/// Sends a request on as it came, `Host` included, so that the server writes the proxy's address into its URLs.
async fn pass_on(State(route): State<Route>, request: Request) -> Response {
    let (asked, body) = request.into_parts();
    let body = match axum::body::to_bytes(body, LARGEST).await {
        Ok(body) => body,
        Err(error) => return (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    };
    let target = format!("{}{}", route.to, asked.uri.path_and_query().map_or("/", |target| target.as_str()));
    let sent = route.client.request(asked.method.clone(), target).headers(asked.headers).body(body).send().await;
    let answer = match sent {
        Ok(answer) => answer,
        Err(error) => return (StatusCode::BAD_GATEWAY, error.to_string()).into_response(),
    };
    let (status, mut headers) = (answer.status(), answer.headers().clone());
    let media_type = media_type(&headers).to_owned();
    let streams = media_type == "text/event-stream";
    headers.remove(header::TRANSFER_ENCODING);
    let (kept, body) = if streams {
        (Vec::new(), Body::from_stream(answer.bytes_stream()))
    } else {
        let whole = must("an answer's body", answer.bytes().await);
        (whole.to_vec(), Body::from(whole))
    };
    let (method, path) = (asked.method, asked.uri.path().to_owned());
    // What a fault has changed on purpose is described nowhere.
    if !headers.contains_key("x-esia-stand-fault") {
        route.kept.lock().await.push(Exchange { method, path, status: status.as_u16(), media_type, body: kept });
    }
    let mut response = Response::new(body);
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    response
}
