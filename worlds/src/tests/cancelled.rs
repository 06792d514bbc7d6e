//! The client goes away, or the store fails, in the middle of an act.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use futures::{FutureExt, future::poll_fn};
use tokio::sync::Semaphore;

use super::ledger::{file, frozen, name, wall, worlds};
use crate::{
    ActError, Checkpoint, Genesis, Record, WorldName,
    store::{Glance, Incarnation, MemoryStore, NewLog, Size, Store, StoreError},
};

/// A memory whose appends go on step by step, as the test lets them.
struct Stepwise {
    inner: MemoryStore,
    /// One permit is one append that has begun.
    begun: Semaphore,
    /// One permit lets one append reach the memory.
    keep: Semaphore,
    /// One permit lets one append answer.
    answer: Semaphore,
    /// Appends fail after they were kept.
    broken: AtomicBool,
}

impl Stepwise {
    fn new() -> Arc<Self> {
        let closed = || Semaphore::new(0);
        let inner = MemoryStore::default();
        Arc::new(Self { inner, begun: closed(), keep: closed(), answer: closed(), broken: AtomicBool::new(false) })
    }
}

async fn pass(gate: &Semaphore) {
    gate.acquire().await.unwrap().forget();
}

#[async_trait]
impl Store for Arc<Stepwise> {
    async fn create(
        &self,
        name: &WorldName,
        genesis: &Arc<Genesis>,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError> {
        self.inner.create(name, genesis, log).await
    }

    async fn replace(&self, name: &WorldName, genesis: &Arc<Genesis>) -> Result<Incarnation, StoreError> {
        self.inner.replace(name, genesis).await
    }

    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        self.inner.fork(parent, upto, name, more).await
    }

    async fn append(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        expected: u64,
        records: &[Record],
    ) -> Result<(), StoreError> {
        self.begun.add_permits(1);
        pass(&self.keep).await;
        self.inner.append(name, incarnation, expected, records).await?;
        pass(&self.answer).await;
        if self.broken.load(Ordering::Relaxed) { Err(StoreError::Failed("disk full".into())) } else { Ok(()) }
    }

    async fn checkpoint(&self, name: &WorldName) -> Result<Option<Checkpoint>, StoreError> {
        self.inner.checkpoint(name).await
    }

    async fn put_checkpoint(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        checkpoint: &Checkpoint,
        forget_upto: u64,
    ) -> Result<(), StoreError> {
        self.inner.put_checkpoint(name, incarnation, checkpoint, forget_upto).await
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.inner.read(name, after, limit).await
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<(Arc<Genesis>, Incarnation)>, StoreError> {
        self.inner.genesis(name).await
    }

    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError> {
        self.inner.list(after, limit).await
    }

    async fn size(&self) -> Result<Size, StoreError> {
        self.inner.size().await
    }

    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        self.inner.size_of(owner).await
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        self.inner.delete(name).await
    }

    async fn touch(&self, name: &WorldName, at: DateTime<Utc>) -> Result<(), StoreError> {
        self.inner.touch(name, at).await
    }

    async fn idle(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<WorldName>, StoreError> {
        self.inner.idle(before, now).await
    }

    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError> {
        self.inner.delete_idle(name, before).await
    }
}

#[tokio::test]
async fn an_act_whose_caller_goes_away_before_it_is_kept_is_seen_through() {
    let store = Stepwise::new();
    let worlds = worlds(Arc::clone(&store), &wall());
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    let mut news = world.subscribe();
    let mut act = Box::pin(world.deposit(5));
    assert!(act.as_mut().now_or_never().is_none());
    pass(&store.begun).await;
    drop(act);
    // Another waits for its turn and does not race.
    let mut next = Box::pin(world.deposit(7));
    assert!(next.as_mut().now_or_never().is_none());
    store.keep.add_permits(2);
    store.answer.add_permits(2);
    next.await.unwrap();
    assert_eq!(*news.wait_for(|seq| *seq == 2).await.unwrap(), 2);
    assert_eq!((world.state().await.total, world.timeline(0, 9).await.unwrap().len()), (112, 2));
}

#[tokio::test]
async fn an_act_whose_caller_goes_away_after_it_is_kept_is_applied() {
    let store = Stepwise::new();
    let worlds = worlds(Arc::clone(&store), &wall());
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    let mut news = world.subscribe();
    store.keep.add_permits(1);
    let mut act = Box::pin(world.deposit(5));
    assert!(act.as_mut().now_or_never().is_none());
    pass(&store.begun).await;
    drop(act);
    assert_eq!(world.state().await.total, 100);
    store.answer.add_permits(1);
    news.wait_for(|seq| *seq == 1).await.unwrap();
    assert_eq!(world.state().await.total, 105);
}

#[tokio::test]
async fn an_act_that_waits_for_its_turn_and_goes_away_has_done_nothing() {
    let store = Stepwise::new();
    let worlds = worlds(Arc::clone(&store), &wall());
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    let mut first = Box::pin(world.deposit(5));
    assert!(first.as_mut().now_or_never().is_none());
    let mut second = Box::pin(world.deposit(7));
    assert!(second.as_mut().now_or_never().is_none());
    drop(second);
    store.keep.add_permits(9);
    store.answer.add_permits(9);
    first.await.unwrap();
    world.deposit(1).await.unwrap();
    assert_eq!((world.state().await.total, world.seq()), (106, 2));
}

#[tokio::test]
async fn a_store_that_kept_and_then_failed_leaves_a_world_that_catches_up() {
    let store = Stepwise::new();
    let worlds = worlds(Arc::clone(&store), &wall());
    let world = worlds.create(name("one"), frozen()).await.unwrap();
    store.keep.add_permits(9);
    store.answer.add_permits(9);
    store.broken.store(true, Ordering::Relaxed);
    let failed = world.deposit(5).await;
    assert!(matches!(failed, Err(ActError::Store(StoreError::Failed(_)))));
    // The log has it, the state does not yet. The next act finds out, and decides upon both.
    assert_eq!(world.state().await.total, 100);
    let failed = world.deposit(7).await;
    assert!(matches!(failed, Err(ActError::Store(StoreError::Failed(_)))));
    assert_eq!(world.state().await.total, 105);
    assert_eq!(world.timeline(0, 9).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_world_is_dropped_only_when_the_act_under_way_is_through() {
    let store = Stepwise::new();
    let worlds = worlds(Arc::clone(&store), &wall());
    let old = worlds.create(name("one"), frozen()).await.unwrap();
    let mut act = Box::pin(old.deposit(5));
    assert!(act.as_mut().now_or_never().is_none());
    pass(&store.begun).await;
    let one = name("one");
    let mut delete = Box::pin(worlds.delete(&one));
    assert!(delete.as_mut().now_or_never().is_none());
    // Who asked for it may go away: it is done all the same, and a new world of that name comes after it.
    drop(delete);
    let mut create = Box::pin(worlds.create(name("one"), frozen()));
    assert!(create.as_mut().now_or_never().is_none());
    store.keep.add_permits(1);
    store.answer.add_permits(1);
    act.await.unwrap();
    let new = create.await.unwrap();
    assert!(old.is_dropped() && !new.is_dropped());
    assert_eq!((new.seq(), new.state().await.total), (0, 100));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acts_dropped_at_any_point_leave_file_and_memory_alike() {
    let folder = tempfile::tempdir().unwrap();
    let store = file(folder.path()).await;
    let here = worlds(store.clone(), &wall());
    let world = here.create(name("one"), frozen()).await.unwrap();
    let mut acknowledged = 0;
    for polls in (0..100).map(|round| round % 10) {
        let mut act = Box::pin(world.deposit(1));
        for _ in 0..polls {
            let polled = poll_fn(|cx| std::task::Poll::Ready(act.poll_unpin(cx))).await;
            if polled.is_ready() {
                acknowledged += 1;
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    world.deposit(1).await.unwrap();
    acknowledged += 1;
    let state = world.state().await;
    assert!(state.total - 100 >= acknowledged && state.total - 100 <= 101);
    let again = worlds(store, &wall()).get(&name("one")).await.unwrap();
    assert_eq!((again.state().await, again.seq()), (state, world.seq()));
}
