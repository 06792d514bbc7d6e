//! The default store: memory, gone with the process.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use parking_lot::{Mutex, RwLock};

use super::{Glance, Incarnation, NewLog, Size, Store, StoreError};
use crate::{Checkpoint, Clock, Genesis, Record, WorldName, log_event::clock_of};

/// Bytes of memory that a world takes for each byte of its seed (measured: 191 KiB for the demo
/// world's 14 KB).
const STATE_PER_SEED_BYTE: u64 = 12;
/// A record, and the place of its text.
const PER_RECORD: u64 = 120;

/// A log whose older part is shared with the worlds that were forked from it, or that it was forked from.
#[derive(Debug, Default, Clone)]
struct Records {
    /// Never changed any more; none is empty.
    shared: Vec<Arc<Vec<Record>>>,
    /// How many of these came from the parent: they count as what that one takes.
    inherited: usize,
    tail: Vec<Record>,
}

impl Records {
    fn last(&self) -> Option<&Record> {
        self.tail.last().or_else(|| self.shared.last().and_then(|part| part.last()))
    }

    fn seq(&self) -> u64 {
        self.last().map_or(0, |last| last.seq)
    }

    fn after(&self, seq: u64, limit: usize) -> Vec<Record> {
        let parts = self.shared.iter().map(|part| part.as_slice()).chain(std::iter::once(self.tail.as_slice()));
        let rest = parts.flat_map(|part| &part[part.partition_point(|record| record.seq <= seq)..]);
        rest.take(limit).cloned().collect()
    }

    /// The first records up to `upto`. What they share with this log, this log has put among its shared parts.
    fn fork(&mut self, upto: u64) -> Self {
        if !self.tail.is_empty() {
            let mut tail = std::mem::take(&mut self.tail);
            tail.shrink_to_fit();
            self.shared.push(Arc::new(tail));
        }
        let mut fork = Self { shared: self.shared.clone(), ..Self::default() };
        // Only what was added since the fork was decided on has to go.
        while fork.seq() > upto
            && let Some(part) = fork.shared.pop()
        {
            let kept = part.partition_point(|record| record.seq <= upto);
            fork.tail = part[..kept].to_vec();
        }
        fork.inherited = fork.shared.len();
        fork
    }

    /// Forgets records, a shared part only as a whole. Answers with the weight of those that counted as this log's.
    fn forget(&mut self, upto: u64) -> u64 {
        let gone = self.shared.iter().take_while(|part| part.last().is_some_and(|last| last.seq <= upto)).count();
        let freed = self.shared.drain(..gone).skip(self.inherited).map(|part| weight(&part)).sum();
        self.inherited = self.inherited.saturating_sub(gone);
        if !self.shared.is_empty() {
            return freed;
        }
        let going = self.tail.partition_point(|record| record.seq <= upto);
        let mut kept = self.tail.split_off(going);
        kept.shrink_to_fit();
        freed + weight(&std::mem::replace(&mut self.tail, kept))
    }
}

#[derive(Debug)]
struct Log {
    genesis: Arc<Genesis>,
    checkpoint: Option<Checkpoint>,
    records: Records,
    /// How the clock runs at its end.
    clock: Clock,
    /// Number and time of its last record.
    end: (u64, DateTime<Utc>),
    /// When it was last asked for, where that was noted.
    touched_at: Option<DateTime<Utc>>,
    /// What it takes, without what it shares.
    bytes: u64,
}

impl Log {
    fn begun(genesis: &Arc<Genesis>, log: NewLog<'_>) -> Result<Self, StoreError> {
        let seed = serde_json::to_vec(genesis).map_err(|error| StoreError::Failed(Box::new(error)))?;
        let state = log.checkpoint.map_or(0, |checkpoint| checkpoint.state.len() as u64);
        Ok(Self {
            genesis: Arc::clone(genesis),
            checkpoint: log.checkpoint.cloned(),
            records: Records { tail: log.records.to_vec(), ..Records::default() },
            clock: log.clock(genesis),
            end: log.end(genesis),
            touched_at: None,
            bytes: STATE_PER_SEED_BYTE * seed.len() as u64 + state + weight(log.records),
        })
    }

    fn glance(&self, name: &WorldName) -> Glance {
        let (seq, last_at) = self.end;
        let (title, touched_at) = (self.genesis.seed.title.clone(), self.touched_at);
        Glance { name: name.clone(), title, clock: self.clock, last_at, seq, touched_at }
    }

    fn append(&mut self, records: &[Record]) {
        self.records.tail.extend_from_slice(records);
        self.bytes += weight(records);
        if let Some(last) = records.last() {
            self.end = (last.seq, last.at);
        }
        if let Some(clock) = records.iter().rev().find_map(|record| clock_of(record.event.get())) {
            self.clock = clock;
        }
    }
}

/// Keeps worlds in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    logs: RwLock<BTreeMap<WorldName, Arc<Mutex<Log>>>>,
    /// What all of them take. Kept beside, so that no world is made by counting all others.
    bytes: AtomicU64,
}

impl MemoryStore {
    fn log(&self, name: &WorldName) -> Result<Arc<Mutex<Log>>, StoreError> {
        self.logs.read().get(name).cloned().ok_or_else(|| StoreError::Gone(name.clone()))
    }

    fn keep(&self, name: &WorldName, log: Log) -> Result<Incarnation, StoreError> {
        match self.logs.write().entry(name.clone()) {
            Entry::Occupied(_) => Err(StoreError::Exists(name.clone())),
            Entry::Vacant(place) => {
                self.bytes.fetch_add(log.bytes, Ordering::Relaxed);
                place.insert(Arc::new(Mutex::new(log)));
                Ok(0)
            }
        }
    }
}

fn weight(records: &[Record]) -> u64 {
    records.iter().map(|record| PER_RECORD + record.event.get().len() as u64).sum()
}

#[async_trait]
impl Store for MemoryStore {
    async fn create(
        &self,
        name: &WorldName,
        genesis: &Arc<Genesis>,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError> {
        self.keep(name, Log::begun(genesis, log)?)
    }

    async fn replace(&self, name: &WorldName, genesis: &Arc<Genesis>) -> Result<Incarnation, StoreError> {
        let begun = Log::begun(genesis, NewLog::default())?;
        let mut logs = self.logs.write();
        let place = logs.get_mut(name).ok_or_else(|| StoreError::Gone(name.clone()))?;
        self.bytes.fetch_add(begun.bytes, Ordering::Relaxed);
        let replaced = std::mem::replace(place, Arc::new(Mutex::new(begun)));
        self.bytes.fetch_sub(replaced.lock().bytes, Ordering::Relaxed);
        Ok(0)
    }

    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        let parent = self.log(parent)?;
        let mut fork = {
            let mut parent = parent.lock();
            if parent.checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.seq > upto) {
                return Err(StoreError::Raced);
            }
            let (records, checkpoint) = (parent.records.fork(upto), parent.checkpoint.clone());
            let own = weight(&records.tail);
            let own_end = records.last().map(|last| (last.seq, last.at));
            let (end, clock) = (own_end.unwrap_or(parent.end), parent.clock);
            let genesis = Arc::clone(&parent.genesis);
            Log { genesis, checkpoint, records, clock, end, touched_at: None, bytes: own }
        };
        fork.append(more);
        self.keep(name, fork)
    }

    async fn append(
        &self,
        name: &WorldName,
        _: Incarnation,
        expected: u64,
        records: &[Record],
    ) -> Result<(), StoreError> {
        let log = self.log(name)?;
        let mut log = log.lock();
        if log.end.0 != expected {
            return Err(StoreError::Raced);
        }
        log.append(records);
        self.bytes.fetch_add(weight(records), Ordering::Relaxed);
        Ok(())
    }

    async fn checkpoint(&self, name: &WorldName) -> Result<Option<Checkpoint>, StoreError> {
        Ok(self.log(name)?.lock().checkpoint.clone())
    }

    async fn put_checkpoint(
        &self,
        name: &WorldName,
        _: Incarnation,
        checkpoint: &Checkpoint,
        forget_upto: u64,
    ) -> Result<(), StoreError> {
        let log = self.log(name)?;
        let mut log = log.lock();
        if log.checkpoint.as_ref().is_some_and(|kept| kept.seq > checkpoint.seq) {
            return Ok(());
        }
        let replaced = log.checkpoint.replace(checkpoint.clone()).map_or(0, |replaced| replaced.state.len() as u64);
        let freed = (replaced + log.records.forget(forget_upto)).min(log.bytes);
        let added = checkpoint.state.len() as u64;
        log.bytes = log.bytes - freed + added;
        self.bytes.fetch_add(added, Ordering::Relaxed);
        self.bytes.fetch_sub(freed, Ordering::Relaxed);
        Ok(())
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        Ok(self.log(name)?.lock().records.after(after, limit))
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<(Arc<Genesis>, Incarnation)>, StoreError> {
        Ok(self.log(name).ok().map(|log| (Arc::clone(&log.lock().genesis), 0)))
    }

    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError> {
        let logs = self.logs.read();
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let page = logs.range::<WorldName, _>((from, Bound::Unbounded)).take(limit);
        Ok(page.map(|(name, log)| log.lock().glance(name)).collect())
    }

    async fn size(&self) -> Result<Size, StoreError> {
        Ok(Size { worlds: self.logs.read().len(), bytes: self.bytes.load(Ordering::Relaxed) })
    }

    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        let logs = self.logs.read();
        // In order of names, those of an owner follow its own.
        let after = logs.range::<WorldName, _>((Bound::Excluded(owner), Bound::Unbounded));
        let theirs = after.take_while(|(name, _)| name.belongs_to(owner));
        Ok(theirs.fold(Size::default(), |sum, (_, log)| Size {
            worlds: sum.worlds + 1,
            bytes: sum.bytes + log.lock().bytes,
        }))
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        let Some(log) = self.logs.write().remove(name) else { return Ok(false) };
        self.bytes.fetch_sub(log.lock().bytes, Ordering::Relaxed);
        Ok(true)
    }

    async fn touch(&self, name: &WorldName, at: DateTime<Utc>) -> Result<(), StoreError> {
        if let Ok(log) = self.log(name) {
            let mut log = log.lock();
            log.touched_at = log.touched_at.max(Some(at));
        }
        Ok(())
    }

    async fn idle(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<WorldName>, StoreError> {
        let logs = self.logs.read();
        let idle = logs.iter().filter(|(_, log)| *log.lock().touched_at.get_or_insert(now) < before);
        Ok(idle.map(|(name, _)| name.clone()).collect())
    }

    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut logs = self.logs.write();
        let is_idle = |log: &Log| log.touched_at.is_some_and(|touched_at| touched_at < before);
        let Some(bytes) = logs.get(name).map(|log| log.lock()).filter(|log| is_idle(log)).map(|log| log.bytes) else {
            return Ok(false);
        };
        logs.remove(name);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        Ok(true)
    }
}
