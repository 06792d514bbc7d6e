//! The default store: memory, gone with the process.

use std::{
    collections::{BTreeMap, btree_map::Entry},
    sync::Arc,
};

use async_trait::async_trait;
use parking_lot::{Mutex, RwLock};

use super::{Glance, Store, StoreError};
use crate::{Genesis, Record, WorldName, world::WorldEvent};

#[derive(Debug)]
struct Log {
    genesis: Genesis,
    records: Mutex<Vec<Record>>,
}

/// Keeps worlds in memory.
#[derive(Debug, Default)]
pub struct MemoryStore {
    logs: RwLock<BTreeMap<WorldName, Arc<Log>>>,
}

impl MemoryStore {
    fn log(&self, name: &WorldName) -> Result<Arc<Log>, StoreError> {
        self.logs.read().get(name).cloned().ok_or_else(|| StoreError::Gone(name.clone()))
    }
}

#[async_trait]
impl Store for MemoryStore {
    async fn create(&self, name: &WorldName, genesis: &Genesis, records: &[Record]) -> Result<(), StoreError> {
        let log = Log { genesis: genesis.clone(), records: Mutex::new(records.to_vec()) };
        match self.logs.write().entry(name.clone()) {
            Entry::Occupied(_) => Err(StoreError::Exists(name.clone())),
            Entry::Vacant(place) => {
                place.insert(Arc::new(log));
                Ok(())
            }
        }
    }

    async fn append(&self, name: &WorldName, expected: u64, records: &[Record]) -> Result<(), StoreError> {
        let log = self.log(name)?;
        let mut kept = log.records.lock();
        if kept.last().map_or(0, |last| last.seq) != expected {
            return Err(StoreError::Raced);
        }
        kept.extend_from_slice(records);
        Ok(())
    }

    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        let log = self.log(name)?;
        let kept = log.records.lock();
        let from = kept.partition_point(|record| record.seq <= after);
        Ok(kept[from..].iter().take(limit).cloned().collect())
    }

    async fn genesis(&self, name: &WorldName) -> Result<Option<Genesis>, StoreError> {
        Ok(self.logs.read().get(name).map(|log| log.genesis.clone()))
    }

    async fn names(&self) -> Result<Vec<WorldName>, StoreError> {
        Ok(self.logs.read().keys().cloned().collect())
    }

    async fn count(&self) -> Result<usize, StoreError> {
        Ok(self.logs.read().len())
    }

    async fn glance(&self, name: &WorldName) -> Result<Option<Glance>, StoreError> {
        let Ok(log) = self.log(name) else { return Ok(None) };
        let records = log.records.lock();
        let changed = records.iter().map(|record| record.event.get()).rfind(|event| is_clock_changed(event));
        Glance::new(log.genesis.clone(), records.last().map(|last| (last.seq, last.at)), changed).map(Some)
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        Ok(self.logs.write().remove(name).is_some())
    }
}

fn is_clock_changed(event: &str) -> bool {
    serde_json::from_str::<WorldEvent>(event).is_ok()
}
