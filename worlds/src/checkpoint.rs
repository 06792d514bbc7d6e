//! The state of a world at one of its events. With the events after it, it is the world: so opening a world costs the same
//! however long its log is, and the older part of a log may go.

use std::{io::Cursor, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{
    Clock, Domain, Record, World, WorldRng,
    store::{StoreError, run_to_completion},
    times,
    world::CurrentState,
};

/// The state of a world at one of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Number of the last event that the state has taken in.
    pub seq: u64,
    /// When that was, by the world's clock.
    pub at: DateTime<Utc>,
    /// Where the world's random source stood then.
    pub rng: u64,
    /// How the clock ran then.
    pub clock: Clock,
    /// The state as `MessagePack`, after the number [`Domain::STATE_VERSION`]; in JSON as Base64.
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    pub state: Arc<[u8]>,
}

fn as_base64<S: Serializer>(state: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(state))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[u8]>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map(Arc::from).map_err(|error| D::Error::custom(format_args!("state: {error}")))
}

impl Checkpoint {
    /// Looks through the state for times that nobody could have recorded.
    ///
    /// # Errors
    /// A time outside of the years 1 to 9999, or a state that cannot be read at all.
    pub(crate) fn check_times(&self) -> Result<(), String> {
        if !times::is_in_bounds(self.at) {
            return Err("время события: год от 1 до 9999".to_owned());
        }
        times::check(&mut reader(&self.state)).map_err(|error| error.to_string())
    }
}

type Reader<'s> = rmp_serde::Deserializer<
    rmp_serde::decode::ReadReader<Cursor<&'s [u8]>>,
    rmp_serde::config::HumanReadableConfig<rmp_serde::config::DefaultConfig>,
>;

/// Types write themselves as they do in JSON: some are events too.
fn reader(state: &[u8]) -> Reader<'_> {
    rmp_serde::Deserializer::new(Cursor::new(state)).with_human_readable()
}

impl<D: Domain> CurrentState<D> {
    /// What is kept of it.
    ///
    /// # Errors
    /// A state that cannot be written down, which it has no reason to be.
    pub(crate) fn checkpoint(&self) -> Result<Checkpoint, StoreError> {
        let mut state = Vec::new();
        let mut writer = rmp_serde::Serializer::new(&mut state).with_struct_map().with_human_readable();
        let written = (D::STATE_VERSION, &*self.state).serialize(&mut writer);
        written.map_err(|error| StoreError::Failed(Box::new(error)))?;
        let (rng, state) = (self.rng.position(), state.into());
        Ok(Checkpoint { seq: self.seq, at: self.last_at, rng, clock: self.clock, state })
    }

    /// Goes on from a checkpoint; `rng` is the world's source.
    ///
    /// # Errors
    /// One of another version of the program.
    pub(crate) fn resume(checkpoint: &Checkpoint, mut rng: WorldRng) -> Result<Self, String> {
        let (version, state) =
            <(u32, D)>::deserialize(&mut reader(&checkpoint.state)).map_err(|error| error.to_string())?;
        if version != D::STATE_VERSION {
            return Err(format!("the state is of version {version}, and this program knows {}", D::STATE_VERSION));
        }
        rng.seek(checkpoint.rng);
        let Checkpoint { seq, at, clock, .. } = *checkpoint;
        Ok(Self { state: Arc::new(state), clock, seq, last_at: at, rng, lead: TimeDelta::zero() })
    }
}

/// How many times as much as the events since a checkpoint the next one may take.
const SHARE: usize = 4;

/// How far the log of an open world has grown since its last checkpoint.
#[derive(Debug, Default)]
pub(crate) struct Growth {
    /// Number of the last event in the checkpoint.
    checkpoint: u64,
    /// Bytes of the checkpoint.
    size: usize,
    /// Bytes of events since.
    bytes: usize,
    /// Whether the next checkpoint is being made.
    is_under_way: bool,
}

impl Growth {
    /// Of a world that was brought back from a checkpoint and the events after it.
    pub(crate) fn after(checkpoint: Option<&Checkpoint>, records: &[Record]) -> Self {
        let (seq, size) = checkpoint.map_or((0, 0), |checkpoint| (checkpoint.seq, checkpoint.state.len()));
        Self { checkpoint: seq, size, bytes: weight(records), is_under_way: false }
    }

    /// That of a fork, whose log goes on from its parent's checkpoint.
    pub(crate) const fn of_fork(&self) -> Self {
        Self { is_under_way: false, ..*self }
    }

    /// Counts new events. Whether a checkpoint is to be made: after so many events, and when they take a quarter of what the
    /// last checkpoint does. So the cost of checkpoints grows with the log, however large the state is.
    fn grow(&mut self, records: &[Record], every: u64) -> bool {
        self.bytes += weight(records);
        let events = records.last().map_or(0, |last| last.seq.saturating_sub(self.checkpoint));
        let is_due = !self.is_under_way && events >= every && SHARE * self.bytes >= self.size;
        self.is_under_way |= is_due;
        is_due
    }
}

fn weight(records: &[Record]) -> usize {
    records.iter().map(|record| record.event.get().len()).sum()
}

impl<D: Domain> World<D> {
    /// Makes a checkpoint beside everything else, if enough has been recorded since the last one.
    pub(crate) fn note_growth(&self, records: &[Record]) {
        let is_due = self.growth.lock().grow(records, self.server_context.limits.checkpoint_events);
        if let Some(me) = self.me.upgrade().filter(|_| is_due) {
            tokio::spawn(async move {
                if let Err(error) = me.make_checkpoint().await {
                    tracing::warn!(name = %me.name, %error, "no checkpoint was made: it is tried again later");
                }
                me.growth.lock().is_under_way = false;
            });
        }
    }

    /// Keeps the state as it is now, and lets go of what need not be kept before it.
    pub(crate) async fn make_checkpoint(&self) -> Result<(), StoreError> {
        let current = self.current.read().copied();
        let written = tokio::task::spawn_blocking(move || current.checkpoint()).await;
        let checkpoint = written.map_err(|error| StoreError::Failed(Box::new(error)))??;
        {
            let mut growth = self.growth.lock();
            (growth.checkpoint, growth.size, growth.bytes) = (checkpoint.seq, checkpoint.state.len(), 0);
        }
        // Under the world's turn, so that the store never takes it for one of a later world of that name.
        let turn = self.take_turn().await;
        if self.is_dropped() {
            return Ok(());
        }
        let context = Arc::clone(&self.server_context);
        let (name, incarnation) = (self.name.clone(), self.incarnation());
        run_to_completion(async move {
            let forget_upto = context.kept_events().map_or(0, |kept| checkpoint.seq.saturating_sub(kept));
            let put = context.store.put_checkpoint(&name, incarnation, &checkpoint, forget_upto).await;
            drop(turn);
            put
        })
        .await
    }
}
