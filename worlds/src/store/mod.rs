//! Where logs are kept.

mod memory;
mod sqlite;

use async_trait::async_trait;
use chrono::{DateTime, Utc};

pub use memory::MemoryStore;
pub use sqlite::SqliteStore;

use crate::{Clock, Genesis, Record, WorldName, world::WorldEvent};

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

/// What a store can say of a world without replaying it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glance {
    /// Its seed's title.
    pub title: String,
    /// Its clock.
    pub clock: Clock,
    /// When the last record was made; its first instant when there is none.
    pub last_at: DateTime<Utc>,
    /// Number of its records.
    pub seq: u64,
}

impl Glance {
    /// From how a world began, its last record's number and time, and its last event of type `clock-changed`.
    fn new(
        genesis: Genesis,
        last: Option<(u64, DateTime<Utc>)>,
        clock_changed: Option<&str>,
    ) -> Result<Self, StoreError> {
        let (seq, last_at) = last.unwrap_or((0, genesis.started_at));
        let clock = match clock_changed.map(serde_json::from_str) {
            None => genesis.clock,
            Some(Ok(WorldEvent::ClockChanged { clock })) => clock,
            Some(Err(error)) => return Err(StoreError::Failed(Box::new(error))),
        };
        Ok(Self { title: genesis.seed.title, clock, last_at, seq })
    }
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

    /// How many worlds there are.
    async fn count(&self) -> Result<usize, StoreError>;

    /// A world in brief, if there is one of that name.
    async fn glance(&self, name: &WorldName) -> Result<Option<Glance>, StoreError>;

    /// Drops a world as a whole. `false` when there was none.
    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError>;
}

/// Does something to its end, even if whoever asked for it goes away meanwhile.
pub(crate) async fn see_through<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::spawn(work).await.map_err(|error| StoreError::Failed(Box::new(error)))?
}
