//! Taking an address, serving a router on it, stopping.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use axum::Router;
use futures::future::BoxFuture;
use hyper_util::server::graceful::GracefulShutdown;
use serde_json::Value;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use super::{
    connection::Connection,
    connections::{self, ConnectionSlot, Connections},
};
use crate::Tls;

/// The head of a request must have come after so long, the first as any later one on the same connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(30);
/// What is sent must be taken after so long.
#[cfg(target_os = "linux")]
const SEND_TIMEOUT: Duration = Duration::from_mins(1);
/// Requests under way may take so long once the server is told to stop; streams have no end of their own.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(10);
/// Pause after a connection could not be taken.
const PAUSE: Duration = Duration::from_millis(50);

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
    tls: Option<Tls>,
}

/// A server in the background. It stops when this is dropped.
#[derive(Debug)]
pub struct Running {
    url: String,
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
            tls: None,
        })
    }

    /// Over TLS, where there is any.
    #[must_use]
    pub fn over(self, tls: Option<Tls>) -> Self {
        Self { tls, ..self }
    }

    /// Its TLS, where there is any.
    pub fn tls(&self) -> Option<&Tls> {
        self.tls.as_ref()
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
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        if self.address.ip().is_unspecified() {
            format!("{scheme}://localhost:{}", self.address.port())
        } else {
            format!("{scheme}://{}", self.address)
        }
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
        let Self { listener, patience, tls, .. } = self;
        let (serving, stopping) = watch::channel(());
        let (graceful, connections) = (GracefulShutdown::new(), Connections::of(patience.connections));
        loop {
            let (stream, slot) = tokio::select! {
                () = &mut stop => break,
                taken = taken(&listener, &connections) => match taken {
                    Some(taken) => taken,
                    None => continue,
                },
            };
            let connection = Connection {
                router: router.clone(),
                tls: tls.clone(),
                patience: patience.head,
                watcher: graceful.watcher(),
                stopping: stopping.clone(),
            };
            tokio::spawn(connection.serve(stream, slot));
        }
        drop((listener, serving));
        let _ = timeout(SHUTDOWN_TIMEOUT, graceful.shutdown()).await;
        Ok(())
    }

    /// Serves in the background.
    pub fn spawn(self, router: Router) -> Running {
        let (stop, stopped) = oneshot::channel();
        let url = self.url();
        let task = tokio::spawn(self.serve(router, async {
            let _ = stopped.await;
        }));
        Running { url, _stop: stop, task }
    }
}

impl Running {
    /// Base URL without a slash at its end, as `http://127.0.0.1:8081`.
    pub fn url(&self) -> String {
        self.url.clone()
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
