//! One world: decide, record, apply.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use tokio::sync::watch;

use crate::{
    Clock, ClockChange, ClockError, Decided, Domain, Genesis, Journal, Limits, Record, SeedError, WallClock, WorldName,
    WorldRng,
    store::{Store, StoreError},
};

/// How often one decision is made again after losing the race for the log, before the world is called busy.
const MAX_RACES: usize = 10_000;
/// How many records are read at a time when catching up.
const CHUNK: usize = 4_096;

/// An event of the world itself, or of its domain.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Happening<E> {
    World(WorldEvent),
    Domain(E),
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum WorldEvent {
    ClockChanged { clock: Clock },
}

/// Why an act did not happen.
#[derive(Debug, thiserror::Error)]
pub enum ActError<X> {
    /// The decision was no; nothing has changed.
    #[error("{0}")]
    Refused(X),
    /// It could not be kept; nothing has changed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What all worlds of a server share.
pub(crate) struct Home {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) wall: Arc<dyn WallClock>,
    pub(crate) limits: Limits,
}

/// State and all that moves with it.
pub(crate) struct Present<D> {
    pub(crate) state: D,
    pub(crate) clock: Clock,
    pub(crate) seq: u64,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) rng: WorldRng,
}

impl<D: Domain> Present<D> {
    pub(crate) fn genesis(genesis: &Genesis) -> Result<Self, SeedError> {
        Ok(Self {
            state: D::genesis(&genesis.seed, genesis.started_at)?,
            clock: genesis.clock,
            seq: 0,
            last_at: genesis.started_at,
            rng: WorldRng::new(genesis.random, 0),
        })
    }

    /// The world's time: never before its last event, whatever the wall does.
    fn now(&self, wall: &dyn WallClock) -> DateTime<Utc> {
        self.clock.now(wall.now()).max(self.last_at)
    }

    /// Takes one record in, once: a record that is not the next one is left alone.
    fn take_in(&mut self, record: &Record, happening: &Happening<D::Event>) {
        if record.seq != self.seq + 1 {
            return;
        }
        match happening {
            Happening::World(WorldEvent::ClockChanged { clock }) => self.clock = *clock,
            Happening::Domain(event) => self.state.apply(record.at, event),
        }
        self.seq = record.seq;
        self.last_at = record.at;
        self.rng.seek(record.rng);
    }

    /// Replays records that were read from a store.
    pub(crate) fn replay(&mut self, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            let happening =
                serde_json::from_str(record.event.get()).map_err(|error| StoreError::Failed(Box::new(error)))?;
            self.take_in(record, &happening);
        }
        Ok(())
    }
}

/// A named, isolated world.
///
/// Cheap to share. No lock is held across an await: a decision is made under a short lock, recorded without one under
/// the expected sequence number, and made again when another got there first.
pub struct World<D: Domain> {
    name: WorldName,
    genesis: Arc<Genesis>,
    home: Arc<Home>,
    present: RwLock<Present<D>>,
    head: watch::Sender<u64>,
    journal: Journal,
    /// Set once the world is dropped: whoever still holds it can change nothing any more.
    dropped: AtomicBool,
}

impl<D: Domain> World<D> {
    pub(crate) fn new(name: WorldName, genesis: Genesis, present: Present<D>, home: Arc<Home>) -> Self {
        let head = watch::Sender::new(present.seq);
        let journal = Journal::new(home.limits.journal);
        let (genesis, present) = (Arc::new(genesis), RwLock::new(present));
        Self { name, genesis, home, present, head, journal, dropped: AtomicBool::new(false) }
    }

    /// Its name.
    pub fn name(&self) -> &WorldName {
        &self.name
    }

    /// How it began.
    pub fn genesis(&self) -> &Arc<Genesis> {
        &self.genesis
    }

    /// What was asked of it over HTTP.
    pub fn journal(&self) -> &Journal {
        &self.journal
    }

    /// Its time now. Does not settle what is due; see [`World::read`].
    pub fn now(&self) -> DateTime<Utc> {
        self.present.read().now(&*self.home.wall)
    }

    /// Its clock.
    pub fn clock(&self) -> Clock {
        self.present.read().clock
    }

    /// Number of events so far.
    pub fn seq(&self) -> u64 {
        self.present.read().seq
    }

    /// Changes the world in one atomic step. `decide` sees the state, the world's time and its random source; it may be
    /// called more than once, and only the last answer counts. The events are kept before this returns.
    ///
    /// # Errors
    /// The decision's own refusal, or the store's; either way nothing has changed.
    pub async fn act<T, X>(
        &self,
        mut decide: impl FnMut(&D, DateTime<Utc>, &mut WorldRng) -> Result<Decided<D::Event, T>, X>,
    ) -> Result<T, ActError<X>> {
        self.attempt(|present, now, rng| {
            let (events, answer) = decide(&present.state, now, rng).map_err(ActError::Refused)?;
            Ok((events.into_iter().map(Happening::Domain).collect(), answer))
        })
        .await
    }

    /// Looks at the world as it is now, with everything settled that has fallen due.
    ///
    /// # Errors
    /// When what fell due could not be kept.
    pub async fn read<T>(&self, look: impl FnOnce(&D, DateTime<Utc>) -> T) -> Result<T, StoreError> {
        self.settle().await?;
        let present = self.present.read();
        Ok(look(&present.state, present.now(&*self.home.wall)))
    }

    /// Moves the clock and settles everything that falls due on the way, in order. Answers with the new time.
    ///
    /// # Errors
    /// Backwards or too far; or the store's.
    pub async fn change_clock(&self, change: &ClockChange) -> Result<DateTime<Utc>, ActError<ClockError>> {
        self.attempt(|present, now, _| {
            let clock = present.clock.change(change, now, self.home.wall.now()).map_err(ActError::Refused)?;
            Ok((vec![Happening::World(WorldEvent::ClockChanged { clock })], ()))
        })
        .await?;
        self.settle().await?;
        Ok(self.now())
    }

    /// At most `limit` records after sequence number `after`, everything due being settled first.
    ///
    /// # Errors
    /// The store's.
    pub async fn timeline(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.settle().await?;
        self.home.store.read(&self.name, after, limit).await
    }

    /// Sees the sequence number change; read the news with [`World::timeline`].
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// What a record of this world says, if it is the domain's.
    pub fn tell(&self, record: &Record) -> String {
        match serde_json::from_str::<Happening<D::Event>>(record.event.get()) {
            Ok(Happening::Domain(event)) => self.present.read().state.tell(&event),
            Ok(Happening::World(WorldEvent::ClockChanged { clock })) => match clock {
                Clock::Frozen { at } => format!("Часы мира переведены на {} и стоят", moscow(at)),
                Clock::Real | Clock::Offset { .. } => "Часы мира переведены и идут".to_owned(),
            },
            Err(error) => format!("Запись не читается: {error}"),
        }
    }

    async fn attempt<T, X>(
        &self,
        mut decide: impl FnMut(
            &Present<D>,
            DateTime<Utc>,
            &mut WorldRng,
        ) -> Result<Decided<Happening<D::Event>, T>, ActError<X>>,
    ) -> Result<T, ActError<X>> {
        for _ in 0..MAX_RACES {
            self.settle().await?;
            let (at, seq, rng, happenings, answer) = {
                let present = self.present.read();
                let now = present.now(&*self.home.wall);
                let mut rng = present.rng.clone();
                let (happenings, answer) = decide(&present, now, &mut rng)?;
                (now, present.seq, rng.position(), happenings, answer)
            };
            if happenings.is_empty() || self.record(seq, at, rng, happenings).await? {
                return Ok(answer);
            }
        }
        Err(ActError::Store(StoreError::Raced))
    }

    /// Settles what has fallen due, earliest first.
    async fn settle(&self) -> Result<(), StoreError> {
        loop {
            let (due, seq, rng, last_at) = {
                let present = self.present.read();
                let now = present.now(&*self.home.wall);
                if present.state.next_due().is_none_or(|at| at > now) {
                    return Ok(());
                }
                let Some(due) = present.state.due(now) else { return Ok(()) };
                (due, present.seq, present.rng.position(), present.last_at)
            };
            let happenings = due.events.into_iter().map(Happening::Domain).collect();
            self.record(seq, due.at.max(last_at), rng, happenings).await?;
        }
    }

    /// Records and applies. `false`: another was first, and has been caught up with.
    async fn record(
        &self,
        expected: u64,
        at: DateTime<Utc>,
        rng: u64,
        happenings: Vec<Happening<D::Event>>,
    ) -> Result<bool, StoreError> {
        if self.dropped.load(Ordering::Acquire) {
            return Err(StoreError::Gone(self.name.clone()));
        }
        let mut records = Vec::with_capacity(happenings.len());
        for (seq, happening) in (expected + 1..).zip(&happenings) {
            let event = to_raw_value(happening).map_err(|error| StoreError::Failed(Box::new(error)))?;
            records.push(Record { seq, at, rng, event: event.into() });
        }
        match self.home.store.append(&self.name, expected, &records).await {
            Ok(()) => {}
            Err(StoreError::Raced) => {
                self.catch_up().await?;
                return Ok(false);
            }
            Err(error) => return Err(error),
        }
        let mut present = self.present.write();
        for (record, happening) in records.iter().zip(&happenings) {
            present.take_in(record, happening);
        }
        let seq = present.seq;
        drop(present);
        self.head.send_replace(seq);
        Ok(true)
    }

    /// Says that this world has been dropped, and tells whoever waits for news.
    pub(crate) fn close(&self) {
        self.dropped.store(true, Ordering::Release);
        self.head.send_replace(u64::MAX);
    }

    /// Whether this world has been dropped.
    pub fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::Acquire)
    }

    /// Applies what others have recorded.
    async fn catch_up(&self) -> Result<(), StoreError> {
        loop {
            let seq = self.seq();
            let records = self.home.store.read(&self.name, seq, CHUNK).await?;
            let full = records.len() == CHUNK;
            let mut present = self.present.write();
            present.replay(&records)?;
            let seq = present.seq;
            drop(present);
            self.head.send_replace(seq);
            if !full {
                return Ok(());
            }
        }
    }

    /// A copy of state and position, for a fork.
    pub(crate) fn snapshot(&self) -> Present<D> {
        let present = self.present.read();
        Present { state: present.state.clone(), rng: present.rng.clone(), ..*present }
    }
}

/// An instant as people in Moscow write it.
fn moscow(at: DateTime<Utc>) -> impl std::fmt::Display {
    (at + chrono::TimeDelta::hours(3)).format("%d.%m.%Y %H:%M")
}
