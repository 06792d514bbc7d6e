//! Connections that break on purpose: [`Wire`] at work.

use std::{
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody, to_bytes},
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use parking_lot::Mutex;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Instant, Interval, interval, interval_at, timeout},
};

use super::transport::Transport;
use crate::Wire;

/// How long after its last byte a body breaks off.
const CUT_AFTER: Duration = Duration::from_millis(20);

/// What is left of a connection once it is to break.
#[derive(Debug)]
enum Breakage {
    Reset,
    /// What is still to be sent before it is closed.
    Raw(Bytes),
}

/// The way from a request to the connection that it came by.
#[derive(Debug, Clone, Default)]
pub(super) struct Breaker(Arc<Mutex<Option<Breakage>>>);

/// A connection that breaks when its [`Breaker`] says so.
#[derive(Debug)]
pub(super) struct BreakableStream {
    stream: Transport,
    breaker: Breaker,
}

impl BreakableStream {
    pub(super) const fn new(stream: Transport, breaker: Breaker) -> Self {
        Self { stream, breaker }
    }
}

impl Breaker {
    /// The answer as the connection is to carry it. One that breaks the connection leaves that to the stream, at the first
    /// byte that is written.
    pub(super) async fn carry(&self, mut response: Response) -> Response {
        match response.extensions_mut().remove::<Wire>() {
            None => response,
            Some(Wire::Reset) => self.breaks(Breakage::Reset, response),
            Some(Wire::Raw(bytes)) => self.breaks(Breakage::Raw(bytes), response),
            Some(Wire::Late(pause)) => {
                let _ = timeout(pause, std::future::pending::<()>()).await;
                response
            }
            Some(Wire::Drip(pause)) => whole(response).await.map(|bytes| Body::new(DripBody::new(bytes, pause))),
            Some(Wire::Cut(length)) => whole(response).await.map(|bytes| Body::new(CutBody::new(&bytes, length))),
        }
    }

    fn breaks(&self, breakage: Breakage, response: Response) -> Response {
        *self.0.lock() = Some(breakage);
        response
    }
}

/// A response with its body read. What a fault changes is in memory already.
async fn whole(response: Response) -> axum::http::Response<Bytes> {
    let (parts, body) = response.into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    axum::http::Response::from_parts(parts, bytes)
}

impl AsyncRead for BreakableStream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buf)
    }
}

impl AsyncWrite for BreakableStream {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let Self { stream, breaker } = self.get_mut();
        let mut breakage = breaker.0.lock();
        match &mut *breakage {
            None => Pin::new(stream).poll_write(context, buf),
            Some(Breakage::Reset) => {
                // Closed so, a socket says RST and not FIN.
                let _ = socket2::SockRef::from(stream.tcp()).set_linger(Some(Duration::ZERO));
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
            Some(Breakage::Raw(bytes)) => {
                while !bytes.is_empty() {
                    let sent = ready!(Pin::new(&mut *stream).poll_write(context, bytes))?;
                    drop(bytes.split_to(sent));
                }
                ready!(Pin::new(stream).poll_shutdown(context))?;
                Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
            }
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// A body that comes byte by byte.
struct DripBody {
    left: Bytes,
    pauses: Interval,
}

impl DripBody {
    fn new(left: Bytes, pause: Duration) -> Self {
        Self { left, pauses: interval(pause.max(Duration::from_millis(1))) }
    }
}

impl HttpBody for DripBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        ready!(self.pauses.poll_tick(context));
        Poll::Ready(Some(Ok(Frame::data(self.left.split_to(1)))))
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(u64::try_from(self.left.len()).unwrap_or(u64::MAX))
    }
}

/// A body that breaks off, although its length was said.
struct CutBody {
    first: Option<Bytes>,
    length: u64,
    /// Time for what was sent to leave before the connection goes. It begins once all of it was taken, so that there is a
    /// moment in which the connection has nothing to do but to send it, however busy the machine is.
    pause: Option<Interval>,
}

impl CutBody {
    fn new(whole: &Bytes, length: usize) -> Self {
        // One byte less at the least, or nothing would be missing.
        let kept = length.min(whole.len().saturating_sub(1));
        let length = u64::try_from(whole.len()).unwrap_or(u64::MAX);
        Self { first: Some(whole.slice(..kept)).filter(|first| !first.is_empty()), length, pause: None }
    }
}

impl HttpBody for CutBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(Ok(Frame::data(first))));
        }
        let pause = self.pause.get_or_insert_with(|| interval_at(Instant::now() + CUT_AFTER, CUT_AFTER));
        ready!(pause.poll_tick(context));
        Poll::Ready(Some(Err(axum::Error::new(io::Error::from(io::ErrorKind::UnexpectedEof)))))
    }

    fn is_end_stream(&self) -> bool {
        false
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
