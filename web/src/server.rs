//! Start and stop.

use std::{io, net::SocketAddr};

use axum::Router;
use serde_json::Value;
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};

/// An address taken, nothing served yet: issuers and redirects need the port first.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
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
        Ok(Self { listener, address })
    }

    /// What was taken, with the real port.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT`.
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
    /// When the listener fails.
    pub async fn serve(self, router: Router, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        axum::serve(self.listener, router).with_graceful_shutdown(stop).await
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
    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> String {
        url(self.address)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}
