//! Where logs are kept.

mod memory;
mod sqlite;

use async_trait::async_trait;

pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

use crate::{Genesis, Record, WorldName};

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// A world of that name is there already.
    #[error("мир «{0}» уже есть")]
    Exists(WorldName),
    /// No world of that name.
    #[error("мира «{0}» нет")]
    Gone(WorldName),
    /// Somebody else appended first; catch up and decide again.
    #[error("the log has moved on")]
    Raced,
    /// The medium failed, or holds what cannot be read.
    #[error("store: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// Keeps every world's genesis and log. What it has answered `Ok` to is kept.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Keeps a new world, with the records it already has (a fork, an import). All or nothing.
    async fn create(&self, name: &WorldName, genesis: &Genesis, records: &[Record]) -> Result<(), StoreError>;

    /// Appends records under the expected sequence number: the first has `seq == expected + 1`. All or nothing;
    /// [`StoreError::Raced`] when the log does not end at `expected`.
    async fn append(&self, name: &WorldName, expected: u64, records: &[Record]) -> Result<(), StoreError>;

    /// At most `limit` records after sequence number `after`, in order.
    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// How a world began, if there is one of that name.
    async fn genesis(&self, name: &WorldName) -> Result<Option<Genesis>, StoreError>;

    /// Names of all worlds, in order.
    async fn names(&self) -> Result<Vec<WorldName>, StoreError>;

    /// Drops a world as a whole. `false` when there was none.
    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError>;
}
