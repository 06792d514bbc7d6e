//! One connection, from its first byte to its last.

use std::{
    convert::Infallible,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    response::Response,
};
use hyper::{
    body::{Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::Watcher,
};
use tokio::{net::TcpStream, sync::watch};
use tower::ServiceExt as _;

use super::{
    connections::{AnswerGuard, ConnectionSlot, RequestGuard},
    handshake::secured,
    transport::Transport,
    wire::{BreakableStream, Breaker},
};
use crate::Tls;

/// Largest head of a request, bytes; a larger one is 431.
const HEAD_LIMIT: usize = 64 * 1024;

/// What a connection is served with.
pub(super) struct Connection {
    pub(super) router: Router,
    pub(super) tls: Option<Tls>,
    /// How long a handshake may take, and each head of a request.
    pub(super) patience: Duration,
    pub(super) watcher: Watcher,
    /// Closed when the server is told to stop.
    pub(super) stopping: watch::Receiver<()>,
}

impl Connection {
    /// Serves until either side ends it, or it must make room for another.
    pub(super) async fn serve(self, stream: TcpStream, slot: ConnectionSlot) {
        let request_guard = slot.request_guard();
        tokio::select! {
            () = self.carry(stream, request_guard) => {}
            () = slot.must_close() => tracing::debug!("a connection that sent nothing made room for another"),
        }
    }

    async fn carry(self, stream: TcpStream, request_guard: RequestGuard) {
        let Self { router, tls, patience, watcher, mut stopping } = self;
        let stream = match &tls {
            None => Transport::Plain(stream),
            Some(tls) => {
                let agreed = tokio::select! {
                    agreed = secured(stream, tls, patience) => agreed,
                    _ = stopping.changed() => return,
                };
                match agreed {
                    Ok(stream) => stream,
                    Err(error) => return tracing::debug!(%error, "a connection did not come to TLS"),
                }
            }
        };
        let (breaker, fault) = (Breaker::default(), tls.as_ref().and_then(Tls::met).map(|(fault, _)| fault));
        let has_asked = Arc::new(AtomicBool::new(false));
        let asks = Arc::clone(&has_asked);
        let stream = BreakableStream::new(stream, breaker.clone());
        let service = service_fn(move |request| {
            let (router, breaker) = (router.clone(), breaker.clone());
            let mut request: Request<Incoming> = request;
            asks.store(true, Ordering::Relaxed);
            if let Some(fault) = fault {
                request.extensions_mut().insert(fault);
            }
            answer(router, request_guard.clone(), breaker, request)
        });
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(HEAD_LIMIT);
        if let Err(error) = watcher.watch(http.serve_connection(TokioIo::new(stream), service)).await {
            tracing::debug!(%error, "a connection ended badly");
        }
        // Some clients look at the name in a certificate after the handshake.
        let is_refused = !has_asked.load(Ordering::Relaxed);
        if let Some(tls) = tls {
            tls.note(is_refused.then(|| "closed without a request".to_owned()));
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
