//! Taking an address, serving a router on it, stopping.

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::Response,
};
use futures::future::BoxFuture;
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::oneshot,
    task::JoinHandle,
    time::timeout,
};
use tower::ServiceExt as _;

use super::{
    connections::{self, AnswerGuard, ConnectionSlot, Connections, RequestGuard},
    wire::{BreakableStream, Breaker},
};

/// The head of a request must have come after so long, the first as any later one on the same connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// What is sent must be taken after so long.
#[cfg(target_os = "linux")]
const SEND_TIMEOUT: Duration = Duration::from_mins(1);
/// Requests under way may take so long once the server is told to stop; streams have no end of their own.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(50);
/// Largest head of a request, bytes; a larger one is 431.
const HEAD_LIMIT: usize = 64 * 1024;

/// How patient a server is with whoever connects.
#[derive(Debug, Clone, Copy)]
struct Patience {
    head: Duration,
    connections: usize,
}

/// An address taken, nothing served yet: issuers and redirects need the port first.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    patience: Patience,
}

/// A server in the background. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    address: SocketAddr,
    _stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Bound {
    /// Takes an address; port 0 takes any free one.
    ///
    /// # Errors
    /// When it is taken, or not this machine's.
    pub async fn to(address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        Ok(Self {
            listener,
            address,
            patience: Patience { head: HEAD_TIMEOUT, connections: connections::max_connections() },
        })
    }

    /// Less patient, for tests.
    #[cfg(test)]
    pub(crate) fn patient(self, head: Duration, connections: usize) -> Self {
        Self { patience: Patience { head, connections }, ..self }
    }

    /// What was taken, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Base URL without a slash at its end, as `http://127.0.0.1:8081`.
    pub fn url(&self) -> String {
        url(self.address)
    }

    /// One line of JSON for whoever started the program: it is ready.
    pub fn ready_line(&self, server: &str) -> Value {
        serde_json::json!({ "ready": server, "url": self.url() })
    }

    /// Serves until `stop` is done, then finishes the requests under way.
    ///
    /// # Errors
    /// None at present: a connection that fails concerns its own client alone.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        self.serve_until(router, Box::pin(stop)).await
    }

    /// Boxed, so that whoever starts a server does not compile it once more.
    async fn serve_until(self, router: Router, mut stop: BoxFuture<'static, ()>) -> io::Result<()> {
        let Self { listener, patience, .. } = self;
        let (graceful, connections) = (GracefulShutdown::new(), Connections::of(patience.connections));
        loop {
            let (stream, slot) = tokio::select! {
                () = &mut stop => break,
                taken = taken(&listener, &connections) => match taken {
                    Some(taken) => taken,
                    None => continue,
                },
            };
            let (watcher, router) = (graceful.watcher(), router.clone());
            tokio::spawn(async move {
                let request_guard = slot.request_guard();
                let breaker = Breaker::default();
                let stream = BreakableStream::new(stream, breaker.clone());
                let service = service_fn(move |request| {
                    let (router, breaker) = (router.clone(), breaker.clone());
                    answer(router, request_guard.clone(), breaker, request)
                });
                let mut http = http1::Builder::new();
                http.timer(TokioTimer::new()).header_read_timeout(patience.head).max_buf_size(HEAD_LIMIT);
                let connection = watcher.watch(http.serve_connection(TokioIo::new(stream), service));
                tokio::select! {
                    ended = connection => if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended badly");
                    },
                    () = slot.must_close() => tracing::debug!("a connection that sent nothing made room for another"),
                }
            });
        }
        drop(listener);
        let _ = timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await;
        Ok(())
    }

    /// Serves in the background.
    pub fn spawn(self, router: Router) -> Running {
        let (stop, stopped) = oneshot::channel();
        let address = self.address;
        let task = tokio::spawn(self.serve(router, async {
            let _ = stopped.await;
        }));
        Running { address, _stop: stop, task }
    }
}

impl Running {
    /// Base URL without a slash at its end, as `http://127.0.0.1:8081`.
    pub fn url(&self) -> String {
        url(self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The next TCP stream, with its place among the connections. `None` after a failed accept: descriptors may be short for a while.
async fn taken(listener: &TcpListener, connections: &Arc<Connections>) -> Option<(TcpStream, ConnectionSlot)> {
    let slot = connections.slot().await?;
    match listener.accept().await {
        Ok((stream, _)) => {
            // Small answers must not wait for each other.
            let _ = stream.set_nodelay(true);
            #[cfg(target_os = "linux")]
            let _ = socket2::SockRef::from(&stream).set_tcp_user_timeout(Some(SEND_TIMEOUT));
            Some((stream, slot))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection could not be taken");
            let _ = timeout(PAUSE, std::future::pending::<()>()).await;
            None
        }
    }
}

/// One request. Its connection counts as busy until the last byte of the answer is handed over.
async fn answer(
    router: Router,
    request_guard: RequestGuard,
    breaker: Breaker,
    request: Request<Incoming>,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(request_guard.clone());
    let response = breaker.carry(router.oneshot(request).await?).await;
    let busy = request_guard.answered();
    Ok(response.map(|body| Body::new(BusyBody { body, _busy: busy })))
}

/// The body of an answer, and that its connection is busy with it.
struct BusyBody {
    body: Body,
    _busy: AnswerGuard,
}

impl HttpBody for BusyBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

fn url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}
