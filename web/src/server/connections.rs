//! The connections of a server, counted, so that those who send nothing cannot keep everybody else out.

use std::{
    collections::BTreeMap,
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use parking_lot::Mutex;
use tokio::{
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};

/// Descriptors that are left for everything but connections: the store, requests to other servers, standard streams.
const SPARE_DESCRIPTORS: usize = 128;
/// No server of this kind needs more connections at once.
const MAX_CONNECTIONS: usize = 8_192;

/// How long one waits for a connection before the next is asked to make room.
const WAIT: Duration = Duration::from_millis(200);

/// All connections that are open.
#[derive(Debug)]
pub(super) struct Connections {
    permits: Arc<Semaphore>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    open: BTreeMap<u64, Arc<ConnectionState>>,
}

#[derive(Debug, Default)]
struct ConnectionState {
    /// A request has come whole and its answer is not out yet.
    busy: AtomicBool,
    close: Notify,
}

/// One open connection. It is no longer counted when this is dropped.
#[derive(Debug)]
pub(super) struct ConnectionSlot {
    connections: Arc<Connections>,
    number: u64,
    state: Arc<ConnectionState>,
    _permit: OwnedSemaphorePermit,
}

/// A request on its way through a connection. While it is only coming in, its connection may be closed to make room.
#[derive(Debug, Clone)]
pub(crate) struct RequestGuard(Arc<ConnectionState>);

/// An answer on its way out: its connection is not closed before this is dropped.
#[derive(Debug)]
pub(super) struct AnswerGuard(Arc<ConnectionState>);

impl Connections {
    /// Room for `most` connections.
    pub(super) fn of(most: usize) -> Arc<Self> {
        Arc::new(Self { permits: Arc::new(Semaphore::new(most)), inner: Mutex::default() })
    }

    /// A place for one more connection. When there is none, the oldest one that has sent no whole request must close; when
    /// all are being answered, this waits.
    pub(super) async fn slot(self: &Arc<Self>) -> Option<ConnectionSlot> {
        let permit = loop {
            let free = Arc::clone(&self.permits);
            if let Ok(permit) = free.clone().try_acquire_owned() {
                break permit;
            }
            self.make_room();
            // The connection that was asked to close may have become busy at that very moment.
            if let Ok(permit) = timeout(WAIT, free.acquire_owned()).await {
                break permit.ok()?;
            }
        };
        let state = Arc::<ConnectionState>::default();
        let mut inner = self.inner.lock();
        inner.last += 1;
        let number = inner.last;
        inner.open.insert(number, Arc::clone(&state));
        Some(ConnectionSlot { connections: Arc::clone(self), number, state, _permit: permit })
    }

    fn make_room(&self) {
        let inner = self.inner.lock();
        if let Some(idle) = inner.open.values().find(|state| !state.busy.load(Ordering::Acquire)) {
            idle.close.notify_one();
        }
    }
}

impl ConnectionSlot {
    /// Done when the connection must make room for another.
    pub(super) async fn must_close(&self) {
        loop {
            self.state.close.notified().await;
            if !self.state.busy.load(Ordering::Acquire) {
                return;
            }
        }
    }

    /// For one request of this connection.
    pub(super) fn request_guard(&self) -> RequestGuard {
        RequestGuard(Arc::clone(&self.state))
    }
}

impl Drop for ConnectionSlot {
    fn drop(&mut self) {
        self.connections.inner.lock().open.remove(&self.number);
    }
}

impl RequestGuard {
    /// The request has come whole.
    pub(crate) fn received(&self) {
        self.0.busy.store(true, Ordering::Release);
    }

    /// The answer begins.
    pub(super) fn answered(&self) -> AnswerGuard {
        self.received();
        AnswerGuard(Arc::clone(&self.0))
    }
}

impl Drop for AnswerGuard {
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::Release);
    }
}

/// How many connections the descriptors of this process are enough for.
pub(super) fn max_connections() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let open = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = open.and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(1_024);
    soft.saturating_sub(SPARE_DESCRIPTORS).clamp(SPARE_DESCRIPTORS, MAX_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn whoever_sends_nothing_makes_room_and_whoever_is_answered_stays() {
        let connections = Connections::of(2);
        let answered = connections.slot().await.unwrap();
        let silent = connections.slot().await.unwrap();
        let busy = answered.request_guard().answered();
        let mut third = Box::pin(connections.slot());
        assert!(third.as_mut().now_or_never().is_none());
        silent.must_close().await;
        assert!(answered.must_close().now_or_never().is_none());
        drop(silent);
        let third = third.await.unwrap();
        let third_busy = third.request_guard().answered();
        let mut fourth = Box::pin(connections.slot());
        assert!(fourth.as_mut().now_or_never().is_none(), "everybody is being answered");
        drop((busy, answered));
        assert!(fourth.await.is_some());
        drop(third_busy);
    }
}
