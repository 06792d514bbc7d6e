//! The default store: memory, gone with the process.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    ops::Bound,
    sync::Arc,
};

use async_trait::async_trait;
use parking_lot::{Mutex, RwLock};

use super::{Glance, Incarnation, Size, Store, StoreError};
use crate::{Genesis, Record, WorldName, log_event::clock_of};

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
    tail: Vec<Record>,
}

impl Records {
    fn last(&self) -> Option<&Record> {
        self.tail.last().or_else(|| self.shared.last().and_then(|part| part.last()))
    }

    fn seq(&self) -> u64 {
        self.last().map_or(0, |last| last.seq)
    }

    fn parts(&self) -> impl DoubleEndedIterator<Item = &[Record]> {
        self.shared.iter().map(|part| part.as_slice()).chain(std::iter::once(self.tail.as_slice()))
    }

    fn after(&self, seq: u64, limit: usize) -> Vec<Record> {
        let rest = self.parts().flat_map(|part| &part[part.partition_point(|record| record.seq <= seq)..]);
        rest.take(limit).cloned().collect()
    }

    /// The first `upto` records. What they share with this log, this log has put among its shared parts.
    fn fork(&mut self, upto: u64) -> Self {
        if !self.tail.is_empty() {
            let mut tail = std::mem::take(&mut self.tail);
            tail.shrink_to_fit();
            self.shared.push(Arc::new(tail));
        }
        let mut fork = Self { shared: self.shared.clone(), tail: Vec::new() };
        // Only what was added since the fork was decided on has to go.
        while fork.seq() > upto
            && let Some(part) = fork.shared.pop()
        {
            let kept = part.partition_point(|record| record.seq <= upto);
            fork.tail = part[..kept].to_vec();
        }
        fork
    }
}

#[derive(Debug)]
struct Log {
    genesis: Arc<Genesis>,
    records: Records,
    /// What it takes, without what it shares.
    bytes: u64,
}

impl Log {
    fn glance(&self, name: &WorldName) -> Glance {
        let mut changed = self.records.parts().rev().flat_map(|part| part.iter().rev());
        let clock = changed.find_map(|record| clock_of(record.event.get()));
        Glance {
            name: name.clone(),
            title: self.genesis.seed.title.clone(),
            clock: clock.unwrap_or(self.genesis.clock),
            last_at: self.records.last().map_or(self.genesis.started_at, |last| last.at),
            seq: self.records.seq(),
        }
    }
}

/// Keeps worlds in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    logs: RwLock<BTreeMap<WorldName, Arc<Mutex<Log>>>>,
}

impl MemoryStore {
    fn log(&self, name: &WorldName) -> Result<Arc<Mutex<Log>>, StoreError> {
        self.logs.read().get(name).cloned().ok_or_else(|| StoreError::Gone(name.clone()))
    }

    fn keep(&self, name: &WorldName, log: Log) -> Result<Incarnation, StoreError> {
        match self.logs.write().entry(name.clone()) {
            Entry::Occupied(_) => Err(StoreError::Exists(name.clone())),
            Entry::Vacant(place) => {
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
        records: &[Record],
    ) -> Result<Incarnation, StoreError> {
        let seed = serde_json::to_vec(genesis).map_err(|error| StoreError::Failed(Box::new(error)))?;
        let bytes = STATE_PER_SEED_BYTE * seed.len() as u64 + weight(records);
        let records = Records { shared: Vec::new(), tail: records.to_vec() };
        self.keep(name, Log { genesis: Arc::clone(genesis), records, bytes })
    }

    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError> {
        let parent = self.log(parent)?;
        let (genesis, mut records) = {
            let mut parent = parent.lock();
            (Arc::clone(&parent.genesis), parent.records.fork(upto))
        };
        records.tail.extend_from_slice(more);
        let bytes = weight(&records.tail);
        self.keep(name, Log { genesis, records, bytes })
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
        if log.records.seq() != expected {
            return Err(StoreError::Raced);
        }
        log.bytes += weight(records);
        log.records.tail.extend_from_slice(records);
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
        let logs = self.logs.read();
        Ok(Size { worlds: logs.len(), bytes: logs.values().map(|log| log.lock().bytes).sum() })
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        Ok(self.logs.write().remove(name).is_some())
    }
}
