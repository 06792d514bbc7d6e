//! What a store promises: logs of worlds, appended to under an expected number.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};

use super::StoreError;
use crate::{Clock, Genesis, Record, WorldName};

/// What a store can say of a world without replaying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Name of the world.
    pub name: WorldName,
    /// Its seed's title.
    pub title: String,
    /// How its clock runs.
    pub clock: Clock,
    /// When the last record was made; its first instant when there is none.
    pub last_at: DateTime<Utc>,
    /// Number of its records.
    pub seq: u64,
}

/// How much a store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Number of worlds.
    pub worlds: usize,
    /// Bytes that they take: of memory, estimated, or of the file.
    pub bytes: u64,
}

/// Keeps every world's genesis and log. What it has answered `Ok` to is kept.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Keeps a new world, with the records that it already has (an import). All or nothing.
    async fn create(&self, name: &WorldName, genesis: &Arc<Genesis>, records: &[Record]) -> Result<(), StoreError>;

    /// Keeps a new world that begins as another one, with its first `upto` records and `more` after them. All or nothing;
    /// [`StoreError::Gone`] when there is no such parent.
    async fn fork(&self, parent: &WorldName, upto: u64, name: &WorldName, more: &[Record]) -> Result<(), StoreError>;

    /// Appends records under the expected sequence number: the first has `seq == expected + 1`. All or nothing;
    /// [`StoreError::Raced`] when the log does not end at `expected`.
    async fn append(&self, name: &WorldName, expected: u64, records: &[Record]) -> Result<(), StoreError>;

    /// At most `limit` records after sequence number `after`, in order.
    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// How a world began, if there is one of that name.
    async fn genesis(&self, name: &WorldName) -> Result<Option<Arc<Genesis>>, StoreError>;

    /// At most `limit` worlds in brief, in order of names, those after the name `after`.
    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError>;

    /// How many worlds there are, and what they take.
    async fn size(&self) -> Result<Size, StoreError>;

    /// Drops a world as a whole. `false` when there was none.
    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError>;

    /// Whether it would keep something now. Costs next to nothing while writes succeed; after one has failed it is tried
    /// whether they do again.
    ///
    /// # Errors
    /// Why it would not.
    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// The file that it keeps worlds in. A world that nobody has asked for may be closed then, and is brought back from it.
    fn file(&self) -> Option<&Path> {
        None
    }
}

/// Does something to its end, even if whoever asked for it goes away meanwhile.
pub(crate) async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work).await.map_err(|error| StoreError::Failed(Box::new(error)))?
}
