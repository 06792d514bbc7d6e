//! What a store promises: logs of worlds, appended to under an expected number.

use std::{path::Path, sync::Arc};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use esia::language::{answering_in, spoken};
use tokio::sync::broadcast;

use super::StoreError;
use crate::{Checkpoint, Clock, Genesis, Record, WorldName, log_event::clock_of};

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
    /// When it was last asked for, where that was noted.
    pub touched_at: Option<DateTime<Utc>>,
}

/// How much a store holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// Number of worlds.
    pub worlds: usize,
    /// Bytes that they take: of memory, estimated, or of the file.
    pub bytes: u64,
}

/// As a database counts them: a number of worlds, and of bytes.
impl From<(i64, i64)> for Size {
    fn from((worlds, bytes): (i64, i64)) -> Self {
        Self { worlds: usize::try_from(worlds).unwrap_or(usize::MAX), bytes: bytes.cast_unsigned() }
    }
}

/// Tells worlds of one name apart that follow each other in a store of several replicas; 0 in a store of one process, whose
/// worlds are told when they are dropped.
pub type Incarnation = u64;

/// What changed in a store that several replicas share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreChange {
    /// The log of a world goes on.
    Appended(Incarnation),
    /// Changes may have been missed: the connection was lost meanwhile.
    Unknown,
}

/// A request that one replica has answered, for the journals of the others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedRequest {
    /// Grows from request to request; not without gaps, and a smaller one may appear a little later than a greater one.
    pub mark: u64,
    /// The entry with the numbers of the events that it recorded, as JSON.
    pub document: String,
}

/// The log that a new world has already, where it was another one or is brought here.
#[derive(Debug, Clone, Copy, Default)]
pub struct NewLog<'l> {
    /// Its state at one of its events.
    pub checkpoint: Option<&'l Checkpoint>,
    /// Its events, those after the checkpoint without a gap.
    pub records: &'l [Record],
}

impl NewLog<'_> {
    /// How the clock runs at its end.
    pub(crate) fn clock(&self, genesis: &Genesis) -> Clock {
        let changed = self.records.iter().rev().find_map(|record| clock_of(record.event.get()));
        changed.or_else(|| self.checkpoint.map(|checkpoint| checkpoint.clock)).unwrap_or(genesis.clock)
    }

    /// Number and time of its last event.
    pub(crate) fn end(&self, genesis: &Genesis) -> (u64, DateTime<Utc>) {
        let recorded = self.records.last().map(|last| (last.seq, last.at));
        let checkpoint = self.checkpoint.map(|checkpoint| (checkpoint.seq, checkpoint.at));
        recorded.or(checkpoint).unwrap_or((0, genesis.started_at))
    }
}

/// How many records before the parent's checkpoint a fork takes along.
pub(crate) const FORKED: u64 = 10_000;

/// Keeps every world's genesis, checkpoint and log. What it has answered `Ok` to is kept.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Keeps a new world, with the checkpoint and the records that it already has (an import). All or nothing.
    async fn create(
        &self,
        name: &WorldName,
        genesis: &Arc<Genesis>,
        log: NewLog<'_>,
    ) -> Result<Incarnation, StoreError>;

    /// Keeps a new world in the place of the one of that name, of which nothing is left. All or nothing; [`StoreError::Gone`]
    /// when there is none of that name.
    async fn replace(&self, name: &WorldName, genesis: &Arc<Genesis>) -> Result<Incarnation, StoreError>;

    /// Keeps a new world that begins as another one, with its checkpoint, its records up to `upto` and `more` after them; of
    /// the records before the checkpoint only the last 10,000. All or nothing; [`StoreError::Gone`] when there is no such
    /// parent, [`StoreError::Raced`] when its checkpoint is of a later event.
    async fn fork(
        &self,
        parent: &WorldName,
        upto: u64,
        name: &WorldName,
        more: &[Record],
    ) -> Result<Incarnation, StoreError>;

    /// Appends records under the expected sequence number: the first has `seq == expected + 1`. All or nothing;
    /// [`StoreError::Raced`] when the log does not end at `expected`, [`StoreError::Gone`] when the world of that name is
    /// another one now.
    async fn append(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        expected: u64,
        records: &[Record],
    ) -> Result<(), StoreError>;

    /// The last checkpoint of a world, if it has one.
    async fn checkpoint(&self, name: &WorldName) -> Result<Option<Checkpoint>, StoreError>;

    /// Keeps a checkpoint in the place of the one before, unless that is of a later event, and forgets the records up to
    /// `forget_upto`.
    async fn put_checkpoint(
        &self,
        name: &WorldName,
        incarnation: Incarnation,
        checkpoint: &Checkpoint,
        forget_upto: u64,
    ) -> Result<(), StoreError>;

    /// At most `limit` of the records that are kept after sequence number `after`, in order.
    async fn read(&self, name: &WorldName, after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;

    /// How a world began, if there is one of that name.
    async fn genesis(&self, name: &WorldName) -> Result<Option<(Arc<Genesis>, Incarnation)>, StoreError>;

    /// At most `limit` worlds in brief, in order of names, those after the name `after`.
    async fn list(&self, after: Option<&WorldName>, limit: usize) -> Result<Vec<Glance>, StoreError>;

    /// How many worlds there are, and what they take.
    async fn size(&self) -> Result<Size, StoreError>;

    /// The same of the worlds that belong to an owner. Costs no more the more events they have.
    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError>;

    /// Drops a world as a whole. `false` when there was none.
    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError>;

    /// Notes that a world was asked for; the latest instant counts. One that is not there is passed over.
    async fn touch(&self, name: &WorldName, at: DateTime<Utc>) -> Result<(), StoreError>;

    /// Names of the worlds that were last asked for before an instant, in order. One of which that was never noted counts as
    /// asked for now.
    async fn idle(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<Vec<WorldName>, StoreError>;

    /// Drops a world as a whole, unless it was asked for at an instant or later. `false` when it was, or there was none.
    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError>;

    /// Whether it would keep something now. Costs next to nothing while writes succeed; after one has failed it is tried
    /// whether they do again.
    ///
    /// # Errors
    /// Why it would not.
    async fn check(&self) -> Result<(), StoreError> {
        Ok(())
    }

    /// The file that it keeps worlds in, where it is one.
    fn file(&self) -> Option<&Path> {
        None
    }

    /// Whether it outlives the process: a world that nobody has asked for may be closed then, and is brought back from it.
    fn is_lasting(&self) -> bool {
        self.file().is_some()
    }

    /// Whether replicas of the server keep their worlds in it too, so that a log may go on without this process.
    fn is_shared(&self) -> bool {
        false
    }

    /// The records of a world after sequence number `after`, in order, wherever they came from. Asked at the beginning of
    /// each request where the store is shared.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when the world of that name is another one now.
    async fn news(&self, name: &WorldName, _: Incarnation, after: u64) -> Result<Vec<Record>, StoreError> {
        self.read(name, after, usize::MAX).await
    }

    /// A value that replicas share beside the log, never exported: what it is now, and its version.
    async fn secret(&self, _: Incarnation, _key: &str) -> Result<Option<(String, u64)>, StoreError> {
        Ok(None)
    }

    /// Keeps such a value, if the one that is there is of the expected version: `None` whatever is there. Answers whether it did.
    async fn put_secret(
        &self,
        _: Incarnation,
        _key: &str,
        _value: &str,
        _expected: Option<u64>,
    ) -> Result<bool, StoreError> {
        Ok(false)
    }

    /// The number of this process among all that have used the store, 0 for the only one.
    fn replica(&self) -> u64 {
        0
    }

    /// Hands a request on to the journals of other replicas: soon, and without a promise.
    fn share_request(&self, _: Incarnation, _: String) {}

    /// The requests of a world that other replicas have shared after a mark, in order of marks.
    async fn shared_requests(&self, _: Incarnation, _after: u64) -> Result<Vec<SharedRequest>, StoreError> {
        Ok(Vec::new())
    }

    /// Tells of changes as they happen, for whoever waits for them. `None` where all of them come through this process.
    fn changes(&self) -> Option<broadcast::Receiver<StoreChange>> {
        None
    }
}

/// Does something to its end, even if whoever asked for it goes away meanwhile.
pub(crate) async fn run_to_completion<T: Send + 'static>(
    work: impl Future<Output = Result<T, StoreError>> + Send + 'static,
) -> Result<T, StoreError> {
    // It goes on elsewhere, and is answered in the language that was asked for.
    tokio::spawn(answering_in(spoken(), work)).await.map_err(|error| StoreError::Failed(Box::new(error)))?
}
