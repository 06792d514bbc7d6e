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
const SPARE: usize = 128;
/// No server of this kind needs more connections at once.
const MOST: usize = 8_192;

/// How long one waits for a seat before the next is asked to make room.
const LOOK_AGAIN: Duration = Duration::from_millis(200);

/// All connections that are open.
#[derive(Debug)]
pub(super) struct Crowd {
    seats: Arc<Semaphore>,
    inner: Mutex<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    last: u64,
    open: BTreeMap<u64, Arc<Member>>,
}

#[derive(Debug, Default)]
struct Member {
    /// A request has come whole and its answer is not out yet.
    busy: AtomicBool,
    leave: Notify,
}

/// One open connection. It is no longer counted when this is dropped.
#[derive(Debug)]
pub(super) struct Seat {
    crowd: Arc<Crowd>,
    number: u64,
    member: Arc<Member>,
    _permit: OwnedSemaphorePermit,
}

/// A request on its way through a connection. While it is only coming in, its connection may be closed to make room.
#[derive(Debug, Clone)]
pub(crate) struct Lease(Arc<Member>);

/// An answer on its way out: its connection is not closed before this is dropped.
#[derive(Debug)]
pub(super) struct Busy(Arc<Member>);

impl Crowd {
    /// Room for `most` connections.
    pub(super) fn of(most: usize) -> Arc<Self> {
        Arc::new(Self { seats: Arc::new(Semaphore::new(most)), inner: Mutex::default() })
    }

    /// A seat for one more connection. When there is none, the oldest one that has sent no whole request must leave; when
    /// all are being answered, this waits.
    pub(super) async fn seat(self: &Arc<Self>) -> Option<Seat> {
        let permit = loop {
            let free = Arc::clone(&self.seats);
            if let Ok(permit) = free.clone().try_acquire_owned() {
                break permit;
            }
            self.make_room();
            // The connection that was asked to close may have become busy at that very moment.
            if let Ok(permit) = timeout(LOOK_AGAIN, free.acquire_owned()).await {
                break permit.ok()?;
            }
        };
        let member = Arc::<Member>::default();
        let mut inner = self.inner.lock();
        inner.last += 1;
        let number = inner.last;
        inner.open.insert(number, Arc::clone(&member));
        Some(Seat { crowd: Arc::clone(self), number, member, _permit: permit })
    }

    fn make_room(&self) {
        let inner = self.inner.lock();
        if let Some(idle) = inner.open.values().find(|member| !member.busy.load(Ordering::Acquire)) {
            idle.leave.notify_one();
        }
    }
}

impl Seat {
    /// Done when the connection must make room for another.
    pub(super) async fn must_leave(&self) {
        loop {
            self.member.leave.notified().await;
            if !self.member.busy.load(Ordering::Acquire) {
                return;
            }
        }
    }

    /// For one request of this connection.
    pub(super) fn lease(&self) -> Lease {
        Lease(Arc::clone(&self.member))
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.crowd.inner.lock().open.remove(&self.number);
    }
}

impl Lease {
    /// The request has come whole.
    pub(crate) fn received(&self) {
        self.0.busy.store(true, Ordering::Release);
    }

    /// The answer begins.
    pub(super) fn answered(&self) -> Busy {
        self.received();
        Busy(Arc::clone(&self.0))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.busy.store(false, Ordering::Release);
    }
}

/// How many connections the descriptors of this process are enough for.
pub(super) fn most() -> usize {
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let open = limits.lines().find_map(|line| line.strip_prefix("Max open files"));
    let soft = open.and_then(|rest| rest.split_whitespace().next()?.parse::<usize>().ok()).unwrap_or(1_024);
    soft.saturating_sub(SPARE).clamp(SPARE, MOST)
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn whoever_sends_nothing_makes_room_and_whoever_is_answered_stays() {
        let crowd = Crowd::of(2);
        let answered = crowd.seat().await.unwrap();
        let silent = crowd.seat().await.unwrap();
        let busy = answered.lease().answered();
        let mut third = Box::pin(crowd.seat());
        assert!(third.as_mut().now_or_never().is_none());
        silent.must_leave().await;
        assert!(answered.must_leave().now_or_never().is_none());
        drop(silent);
        let third = third.await.unwrap();
        let third_busy = third.lease().answered();
        let mut fourth = Box::pin(crowd.seat());
        assert!(fourth.as_mut().now_or_never().is_none(), "everybody is being answered");
        drop((busy, answered));
        assert!(fourth.await.is_some());
        drop(third_busy);
    }
}
