//! One world: decide, record, apply.

use std::{
    collections::VecDeque,
    convert::Infallible,
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::{DateTime, Datelike, Utc};
use parking_lot::RwLock;
use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::{
    Clock, ClockChange, ClockError, Decided, Domain, Genesis, Journal, JournalBudget, Limits, Record, SeedError,
    Summary, WallClock, WorldName, WorldRng,
    store::{Store, StoreError, see_through},
};

/// How often one decision is made again after another replica was first, before the world is called busy.
const MAX_RACES: usize = 1_000;

/// Of how many of its last events a world knows when they were recorded.
const MAX_RECORDED: usize = 1_000;

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
    pub(crate) journals: Arc<JournalBudget>,
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
        if !(1..=9999).contains(&genesis.started_at.year()) {
            return Err(SeedError::at("clock", &"год от 1 до 9999"));
        }
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

    /// What falls due first, if anything has by `now`.
    fn due(&self, now: DateTime<Utc>) -> Option<Change<D::Event>> {
        if self.state.next_due().is_none_or(|at| at > now) {
            return None;
        }
        let due = self.state.due(now).filter(|due| !due.events.is_empty())?;
        let happenings = due.events.into_iter().map(Happening::Domain).collect();
        Some(Change { at: due.at.max(self.last_at), rng: self.rng.position(), happenings })
    }

    fn take_in(&mut self, record: &Record, happening: &Happening<D::Event>) {
        match happening {
            Happening::World(WorldEvent::ClockChanged { clock }) => self.clock = *clock,
            Happening::Domain(event) => self.state.apply(record.at, event),
        }
        self.seq = record.seq;
        self.last_at = record.at;
        self.rng.seek(record.rng);
    }

    /// Replays records that were read from a store, each once: one that is not the next is an error.
    pub(crate) fn replay(&mut self, records: &[Record]) -> Result<(), StoreError> {
        for record in records {
            if record.seq != self.seq + 1 {
                return Err(StoreError::Failed(format!("record {} follows {}", record.seq, self.seq).into()));
            }
            let happening =
                serde_json::from_str(record.event.get()).map_err(|error| StoreError::Failed(Box::new(error)))?;
            self.take_in(record, &happening);
        }
        Ok(())
    }
}

/// What a decision wants kept.
struct Change<E> {
    at: DateTime<Utc>,
    rng: u64,
    happenings: Vec<Happening<E>>,
}

/// The right to change a world; held by a caller and by the task that sees its change through, whichever lasts longer.
type Turn = Arc<OwnedMutexGuard<()>>;

/// A named, isolated world.
///
/// Cheap to share. Changes take turns, first come first served; who reads waits for nobody. A change whose caller goes
/// away is seen through, so that state and log never part. Between replicas of a server there are no turns: a change is
/// recorded under the expected sequence number, and decided again when another replica was first.
pub struct World<D: Domain> {
    name: WorldName,
    genesis: Arc<Genesis>,
    home: Arc<Home>,
    present: RwLock<Present<D>>,
    turn: Arc<Mutex<()>>,
    head: watch::Sender<u64>,
    journal: Journal,
    /// When its last events were recorded. Not kept: what is kept is the same wherever and whenever it is replayed.
    recorded: parking_lot::Mutex<VecDeque<(u64, DateTime<Utc>)>>,
    /// Set once the world is dropped: whoever still holds it can do nothing with it any more.
    dropped: AtomicBool,
    me: Weak<Self>,
}

impl<D: Domain> World<D> {
    pub(crate) fn new(name: WorldName, genesis: Genesis, present: Present<D>, home: Arc<Home>) -> Arc<Self> {
        Arc::new_cyclic(|me| Self {
            name,
            genesis: Arc::new(genesis),
            turn: Arc::default(),
            head: watch::Sender::new(present.seq),
            journal: Journal::within(home.limits.journal, Arc::clone(&home.journals)),
            recorded: parking_lot::Mutex::default(),
            present: RwLock::new(present),
            home,
            dropped: AtomicBool::new(false),
            me: Weak::clone(me),
        })
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

    /// When an event was recorded, by the wall: what under a frozen clock alone tells which of two servers' events came
    /// first. Known of the last events that this process has recorded.
    pub fn recorded_at(&self, seq: u64) -> Option<DateTime<Utc>> {
        let recorded = self.recorded.lock();
        let found = recorded.binary_search_by_key(&seq, |(recorded, _)| *recorded).ok()?;
        recorded.get(found).map(|(_, at)| *at)
    }

    fn note_recorded(&self, records: &[Record]) {
        let (mut recorded, at) = (self.recorded.lock(), self.home.wall.now());
        recorded.extend(records.iter().map(|record| (record.seq, at)));
        let over = recorded.len().saturating_sub(MAX_RECORDED);
        recorded.drain(..over);
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
            let (events, answer) = decide(&present.state, now, rng)?;
            Ok((events.into_iter().map(Happening::Domain).collect(), answer))
        })
        .await
    }

    /// Looks at the world as it is now, with everything settled that has fallen due.
    ///
    /// # Errors
    /// When the world has been dropped, or what fell due could not be kept.
    pub async fn read<T>(&self, look: impl FnOnce(&D, DateTime<Utc>) -> T) -> Result<T, StoreError> {
        loop {
            self.check_kept()?;
            {
                let present = self.present.read();
                let now = present.now(&*self.home.wall);
                if present.due(now).is_none() {
                    return Ok(look(&present.state, now));
                }
            }
            match self.attempt::<_, Infallible>(|_, _, _| Ok((Vec::new(), ()))).await {
                Ok(()) => {}
                Err(ActError::Store(error)) => return Err(error),
                Err(ActError::Refused(never)) => match never {},
            }
        }
    }

    /// Moves the clock and settles everything that falls due on the way, in order. Answers with the new time.
    ///
    /// # Errors
    /// Backwards or too far; or the store's.
    pub async fn change_clock(&self, change: &ClockChange) -> Result<DateTime<Utc>, ActError<ClockError>> {
        self.attempt(|present, now, _| {
            let clock = present.clock.change(change, now, self.home.wall.now())?;
            Ok((vec![Happening::World(WorldEvent::ClockChanged { clock })], ()))
        })
        .await?;
        Ok(self.read(|_, now| now).await?)
    }

    /// At most `limit` records after sequence number `after`, everything due being settled first.
    ///
    /// # Errors
    /// The store's.
    pub async fn timeline(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.read(|_, _| ()).await?;
        let records = self.home.store.read(&self.name, after, limit).await?;
        self.check_kept()?;
        Ok(records)
    }

    /// Sees the sequence number change; read the news with [`World::timeline`]. `u64::MAX` when the world is dropped.
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

    /// Settles what has fallen due, earliest first, then decides, records and applies, all in one turn.
    async fn attempt<T, X>(
        &self,
        mut decide: impl FnMut(&Present<D>, DateTime<Utc>, &mut WorldRng) -> Result<Decided<Happening<D::Event>, T>, X>,
    ) -> Result<T, ActError<X>> {
        let turn = Arc::new(Arc::clone(&self.turn).lock_owned().await);
        let mut races = 0;
        while races < MAX_RACES {
            self.check_kept()?;
            let (change, answer) = {
                let present = self.present.read();
                let now = present.now(&*self.home.wall);
                if let Some(due) = present.due(now) {
                    (due, None)
                } else {
                    let mut rng = present.rng.clone();
                    let (happenings, answer) = decide(&present, now, &mut rng).map_err(ActError::Refused)?;
                    (Change { at: now, rng: rng.position(), happenings }, Some(answer))
                }
            };
            match (change.happenings.is_empty() || self.record(&turn, change).await?, answer) {
                (true, Some(answer)) => return Ok(answer),
                (true, None) => {}
                (false, _) => races += 1,
            }
        }
        Err(ActError::Store(StoreError::Raced))
    }

    /// Records and applies, even if the caller goes away meanwhile. `false`: another replica was first, and has been
    /// caught up with.
    async fn record(&self, turn: &Turn, change: Change<D::Event>) -> Result<bool, StoreError> {
        let Change { at, rng, happenings } = change;
        let expected = self.seq();
        let mut records = Vec::with_capacity(happenings.len());
        for (seq, happening) in (expected + 1..).zip(&happenings) {
            let event = to_raw_value(happening).map_err(|error| StoreError::Failed(Box::new(error)))?;
            records.push(Record { seq, at, rng, event: event.into() });
        }
        let (me, turn) = (self.me.upgrade().ok_or_else(|| self.gone())?, Arc::clone(turn));
        see_through(async move {
            let kept = me.append(expected, &records, &happenings).await;
            drop(turn);
            kept
        })
        .await
    }

    async fn append(
        &self,
        expected: u64,
        records: &[Record],
        happenings: &[Happening<D::Event>],
    ) -> Result<bool, StoreError> {
        match self.home.store.append(&self.name, expected, records).await {
            Ok(()) => {
                self.note_recorded(records);
                let mut present = self.present.write();
                for (record, happening) in records.iter().zip(happenings) {
                    present.take_in(record, happening);
                }
                let seq = present.seq;
                drop(present);
                self.head.send_replace(seq);
                Ok(true)
            }
            Err(StoreError::Raced) => self.catch_up(expected).await.map(|()| false),
            Err(error) => {
                if matches!(error, StoreError::Gone(_)) {
                    self.set_dropped();
                }
                Err(error)
            }
        }
    }

    /// Applies what other replicas have recorded after `seq`. A log that does not go on there is another world's.
    async fn catch_up(&self, seq: u64) -> Result<(), StoreError> {
        let records = self.home.store.read(&self.name, seq, usize::MAX).await?;
        let Some(last) = records.last() else {
            self.set_dropped();
            return Err(self.gone());
        };
        self.present.write().replay(&records)?;
        self.head.send_replace(last.seq);
        Ok(())
    }

    /// Says that this world is dropped, once the change under way is through.
    pub(crate) async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.set_dropped();
    }

    /// Whoever still holds it or waits for its news learns that it is dropped.
    pub(crate) fn set_dropped(&self) {
        self.dropped.store(true, Ordering::Release);
        self.head.send_replace(u64::MAX);
    }

    /// Whether this world has been dropped.
    pub fn is_dropped(&self) -> bool {
        self.dropped.load(Ordering::Acquire)
    }

    pub(crate) fn check_kept(&self) -> Result<(), StoreError> {
        if self.is_dropped() { Err(self.gone()) } else { Ok(()) }
    }

    fn gone(&self) -> StoreError {
        StoreError::Gone(self.name.clone())
    }

    /// Its line in a list.
    pub(crate) fn summary(&self) -> Summary {
        let present = self.present.read();
        let (name, title) = (self.name.clone(), self.genesis.seed.title.clone());
        Summary { name, title, now: present.now(&*self.home.wall), seq: present.seq }
    }

    /// A copy of state and position, for a fork.
    pub(crate) fn snapshot(&self) -> Present<D> {
        let present = self.present.read();
        Present { state: present.state.clone(), rng: present.rng.clone(), ..*present }
    }
}

/// An instant as people in Moscow write it.
fn moscow(at: DateTime<Utc>) -> impl std::fmt::Display {
    at.checked_add_signed(chrono::TimeDelta::hours(3)).unwrap_or(at).format("%d.%m.%Y %H:%M")
}
