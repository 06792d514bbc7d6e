//! One world: decide, record, apply.

use std::{
    collections::{HashMap, VecDeque},
    sync::{
        Arc, Weak,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::Instant,
};

use chrono::{DateTime, TimeDelta, Utc};
use esia::language::{pick, tr};
use parking_lot::{RwLock, RwLockReadGuard};
use serde_json::value::to_raw_value;
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::{
    Clock, ClockChange, ClockError, Decided, Domain, Genesis, Journal, JournalBudget, Limits, Meters, Record,
    SeedError, Summary, WallClock, WorldName, WorldRng,
    growth::Growth,
    log_event::{LogEvent, WorldEvent},
    moscow,
    random::Mark,
    recorded::{self, Recorded},
    store::{Failure, FailureKind, Incarnation, Store, StoreError, run_to_completion},
    times,
};

/// How often one decision is made again after another replica was first, before the world is called busy.
const MAX_RACES: usize = 1_000;

/// Of how many of its last events a world knows when they were recorded.
const MAX_RECORDED: usize = 1_000;

/// How many ids of requests a replica has: 1 to 999,999,999, then 1,000,000,001 and so on.
pub(crate) const IDS_OF_A_REPLICA: u64 = 1_000_000_000;

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
pub(crate) struct ServerContext {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) wall: Arc<dyn WallClock>,
    pub(crate) limits: Limits,
    pub(crate) journals: Arc<JournalBudget>,
    pub(crate) meters: Meters,
    /// Worlds that have been open, by the mark of their credentials.
    pub(crate) marks: RwLock<HashMap<Mark, WorldName>>,
}

/// How many events are kept before a world's checkpoint where that is said nowhere and all is in memory.
const KEPT_IN_MEMORY: u64 = 10_000;

impl ServerContext {
    /// How many events of a world are kept before its checkpoint; `None` for all of them.
    pub(crate) fn kept_events(&self) -> Option<u64> {
        self.limits.events.or((!self.store.is_lasting()).then_some(KEPT_IN_MEMORY))
    }
}

/// State and all that moves with it.
pub(crate) struct CurrentState<D> {
    /// Shared with the parent until either changes.
    pub(crate) state: Arc<D>,
    pub(crate) clock: Clock,
    pub(crate) seq: u64,
    pub(crate) last_at: DateTime<Utc>,
    pub(crate) rng: WorldRng,
    /// How far the world runs ahead of its clock, because the wall is behind its last event.
    pub(crate) lead: TimeDelta,
}

/// A world as its store has it.
pub(crate) struct Kept<D> {
    pub(crate) genesis: Arc<Genesis>,
    pub(crate) incarnation: Incarnation,
    pub(crate) current: CurrentState<D>,
    pub(crate) growth: Growth,
}

/// A record that could not be replayed.
pub(crate) struct Unread {
    /// Number of the event; 0 for the world's genesis.
    pub(crate) event: u64,
    pub(crate) reason: String,
}

impl<D: Domain> CurrentState<D> {
    /// The first instant of a world; `rng` is its source.
    pub(crate) fn genesis(genesis: &Genesis, rng: WorldRng) -> Result<Self, SeedError> {
        let frozen_at = if let Clock::Frozen { at } = genesis.clock { at } else { genesis.started_at };
        if ![genesis.started_at, frozen_at].into_iter().all(times::is_in_bounds) {
            return Err(SeedError::at("clock", &pick("год от 1 до 9999", "a year from 1 to 9999")));
        }
        for (section, value) in [("gosuslugi", &genesis.seed.gosuslugi), ("diary", &genesis.seed.diary)] {
            times::check(value).map_err(|error| SeedError::at(section, &error))?;
        }
        Ok(Self {
            state: Arc::new(D::genesis(&genesis.seed, genesis.started_at)?),
            clock: genesis.clock,
            seq: 0,
            last_at: genesis.started_at,
            rng,
            lead: TimeDelta::zero(),
        })
    }

    /// The world's time: never before its last event, whatever the wall does, and never past the year 9999.
    pub(crate) fn now(&self, wall: &dyn WallClock) -> DateTime<Utc> {
        let now = self.clock.now(wall.now());
        now.checked_add_signed(self.lead).unwrap_or(now).max(self.last_at).min(times::LAST.max(self.last_at))
    }

    /// Lets a world that has just been brought back run on from its last event, if the wall shows less.
    pub(crate) fn run_on(&mut self, name: &WorldName, wall: &dyn WallClock) {
        if self.clock.is_frozen() {
            return;
        }
        self.lead = (self.last_at - self.clock.now(wall.now())).max(TimeDelta::zero());
        let ahead_s = self.lead.num_seconds();
        if ahead_s > 0 {
            tracing::warn!(%name, ahead_s, "the machine's clock is behind this world's last event: its time runs on from there");
        }
    }

    /// The same, which shares its state with it until either changes.
    pub(crate) fn copied(&self) -> Self {
        Self { state: Arc::clone(&self.state), rng: self.rng.clone(), ..*self }
    }

    /// What falls due first, if anything has by `now`.
    fn due(&self, now: DateTime<Utc>) -> Option<Change<D::Event>> {
        if self.state.next_due().is_none_or(|at| at > now) {
            return None;
        }
        let due = self.state.due(now).filter(|due| !due.events.is_empty())?;
        let log_events = due.events.into_iter().map(LogEvent::Domain).collect();
        Some(Change { at: due.at.max(self.last_at), rng: self.rng.position(), request: None, log_events })
    }

    pub(crate) fn apply(&mut self, record: &Record, log_event: &LogEvent<D::Event>) {
        match log_event {
            LogEvent::World(WorldEvent::ClockChanged { clock }) => {
                (self.clock, self.lead) = (*clock, TimeDelta::zero());
            }
            LogEvent::World(WorldEvent::Copied { .. }) => {
                if self.state.has_credentials() {
                    Arc::make_mut(&mut self.state).forget_credentials();
                }
            }
            LogEvent::Domain(event) => Arc::make_mut(&mut self.state).apply(record.at, event),
        }
        self.seq = record.seq;
        self.last_at = record.at;
        self.rng.seek(record.rng);
    }

    /// Replays records, each once.
    ///
    /// # Errors
    /// One that is not the next, or cannot be read.
    pub(crate) fn replay(&mut self, records: &[Record]) -> Result<(), Unread> {
        for record in records {
            if record.seq != self.seq + 1 {
                let reason = format!("it follows event {}", self.seq);
                return Err(Unread { event: record.seq, reason });
            }
            let log_event =
                LogEvent::read(record.event.get()).map_err(|reason| Unread { event: record.seq, reason })?;
            self.apply(record, &log_event);
        }
        Ok(())
    }

    /// Turns the copy of another world into the world whose source `rng` is: what opens that one does not open this.
    ///
    /// # Errors
    /// When the event that says so cannot be written down, which it has no reason to.
    pub(crate) fn become_copy(
        &mut self,
        from: &WorldName,
        mut rng: WorldRng,
        at: DateTime<Utc>,
    ) -> Result<Record, StoreError> {
        rng.seek(self.rng.position());
        self.rng = rng;
        let copied = LogEvent::<D::Event>::World(WorldEvent::Copied { from: from.clone() });
        let event = to_raw_value(&copied).map_err(|error| StoreError::Failed(Box::new(error)))?;
        let record =
            Record { seq: self.seq + 1, at: at.max(self.last_at), rng: self.rng.position(), event: event.into() };
        self.apply(&record, &copied);
        Ok(record)
    }
}

/// What a decision wants kept.
struct Change<E> {
    at: DateTime<Utc>,
    rng: u64,
    /// The request that it is for.
    request: Option<u64>,
    log_events: Vec<LogEvent<E>>,
}

/// The current with nothing due, and its time.
type Settled<'w, D> = (RwLockReadGuard<'w, CurrentState<D>>, DateTime<Utc>);

/// The decision was no, and whoever decided knows why.
struct Declined;

/// What is asked for a decision, without the type of its answer.
type Decide<'d, D> = dyn FnMut(&CurrentState<D>, DateTime<Utc>, &mut WorldRng) -> Result<Vec<LogEvent<<D as Domain>::Event>>, Declined>
    + Send
    + 'd;

/// The right to change a world; held by a caller and by the task that sees its change through, whichever lasts longer.
type Turn = Arc<OwnedMutexGuard<()>>;

/// A named, isolated world.
///
/// Cheap to share. Changes take turns, first come first served; who reads waits for nobody. A change whose caller goes
/// away is seen through, so that state and log never part. Between replicas of a server there are no turns: a change is
/// recorded under the expected sequence number, and decided again when another replica was first.
pub struct World<D: Domain> {
    pub(crate) name: WorldName,
    pub(crate) incarnation: Incarnation,
    genesis: Arc<Genesis>,
    pub(crate) server_context: Arc<ServerContext>,
    /// A lock that is never held across an `await`, so that readers do not wait while a store writes.
    pub(crate) current: RwLock<CurrentState<D>>,
    /// Held through deciding, recording and applying. An asynchronous lock, for the store is awaited under it; apart from
    /// `current`, so that reading goes on meanwhile.
    turn: Arc<Mutex<()>>,
    /// The last sequence number, or `u64::MAX` when dropped. A watch, for whoever waits needs the newest number alone and
    /// may never hold up the writer.
    pub(crate) head: watch::Sender<u64>,
    pub(crate) journal: Journal,
    /// The mark up to which the requests of other replicas are in the journal. Atomic, for several may ask at once.
    pub(crate) shared_upto: AtomicU64,
    /// When and for which request its last events were recorded; a lock of its own, for it is written after `current` is
    /// released. Not kept: what is kept is the same wherever and whenever it is replayed.
    pub(crate) recorded: parking_lot::Mutex<VecDeque<Recorded>>,
    /// Set once the world is dropped: whoever still holds it can do nothing with it any more. Atomic, for it is looked at
    /// before and after waiting for a turn.
    dropped: AtomicBool,
    /// When it was last asked for, in requests to the server. Atomic, for it is written by readers of the list of worlds.
    pub(crate) asked_at: AtomicU64,
    /// When the store was last told that somebody asks for it, milliseconds of the Unix epoch.
    pub(crate) touched_at: AtomicI64,
    /// What its next checkpoint waits for; a lock of its own, for it is written after `current` is released.
    pub(crate) growth: parking_lot::Mutex<Growth>,
    /// Itself, for a change that outlives its caller.
    pub(crate) me: Weak<Self>,
}

impl<D: Domain> World<D> {
    pub(crate) fn new(name: WorldName, kept: Kept<D>, server_context: Arc<ServerContext>) -> Arc<Self> {
        let Kept { genesis, incarnation, current, growth } = kept;
        let kept_requests = server_context.limits.journal_of(&name);
        Arc::new_cyclic(|me| Self {
            name,
            incarnation,
            genesis,
            turn: Arc::default(),
            head: watch::Sender::new(current.seq),
            journal: Journal::within(kept_requests, Arc::clone(&server_context.journals))
                .counting_from(server_context.store.replica() * IDS_OF_A_REPLICA),
            shared_upto: AtomicU64::new(0),
            recorded: parking_lot::Mutex::default(),
            current: RwLock::new(current),
            server_context,
            dropped: AtomicBool::new(false),
            asked_at: AtomicU64::new(0),
            touched_at: AtomicI64::new(0),
            growth: parking_lot::Mutex::new(growth),
            me: Weak::clone(me),
        })
    }

    /// Name in addresses and cookies.
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

    /// How an event came into the log. Known of the last events that this process has recorded.
    pub fn recorded(&self, seq: u64) -> Option<Recorded> {
        let recorded = self.recorded.lock();
        let found = recorded.binary_search_by_key(&seq, |recorded| recorded.seq).ok()?;
        recorded.get(found).copied()
    }

    /// Notes how events were recorded, here or at another replica; each once.
    pub(crate) fn note_recorded(&self, news: impl IntoIterator<Item = Recorded>) {
        let mut recorded = self.recorded.lock();
        for one in news {
            if let Err(place) = recorded.binary_search_by_key(&one.seq, |known| known.seq) {
                recorded.insert(place, one);
            }
        }
        let over = recorded.len().saturating_sub(MAX_RECORDED);
        recorded.drain(..over);
    }

    /// Now, by the machine's clock.
    pub fn wall_now(&self) -> DateTime<Utc> {
        self.server_context.wall.now()
    }

    /// The earliest instant at which something happens by itself.
    pub fn next_due(&self) -> Option<DateTime<Utc>> {
        self.current.read().state.next_due()
    }

    /// Its time now. Does not settle what is due; see [`World::read`].
    pub fn now(&self) -> DateTime<Utc> {
        self.current.read().now(&*self.server_context.wall)
    }

    /// How the clock runs.
    pub fn clock(&self) -> Clock {
        self.current.read().clock
    }

    /// Number of events so far.
    pub fn seq(&self) -> u64 {
        self.current.read().seq
    }

    /// Which other world of this server has drawn a credential: a session's id, a code, a refresh token, the `sid` or `jti`
    /// of a signed token. Worlds that have not been open since the server started are not known; `None` for what nobody
    /// has drawn, what this world has, and what comes from elsewhere. It says only whose it looks like, so it may stand in
    /// a verdict and decides nothing.
    pub fn issuing_world(&self, credential: &str) -> Option<WorldName> {
        let mark = Mark::of(credential)?;
        self.server_context.marks.read().get(&mark).filter(|name| **name != self.name).cloned()
    }

    /// Changes the world in one atomic step. `decide` sees the state, the world's time and its random source; it may be
    /// called more than once, and only the last answer counts. The events are kept before this returns.
    ///
    /// # Errors
    /// The decision's own refusal, or the store's; either way nothing has changed.
    pub async fn act<T: Send, X: Send>(
        &self,
        mut decide: impl FnMut(&D, DateTime<Utc>, &mut WorldRng) -> Result<Decided<D::Event, T>, X> + Send,
    ) -> Result<T, ActError<X>> {
        let mut decided = None;
        self.turn(&mut |current, now, rng| {
            let (events, answer) = match decide(&current.state, now, rng) {
                Ok((events, answer)) => (Ok(events.into_iter().map(LogEvent::Domain).collect()), Ok(answer)),
                Err(refusal) => (Err(Declined), Err(refusal)),
            };
            decided = Some(answer);
            events
        })
        .await?;
        decided.ok_or(StoreError::Raced)?.map_err(ActError::Refused)
    }

    /// Looks at the world as it is now, with everything settled that has fallen due.
    ///
    /// # Errors
    /// When the world has been dropped, or what fell due could not be kept.
    pub async fn read<T>(&self, look: impl FnOnce(&D, DateTime<Utc>) -> T) -> Result<T, StoreError> {
        loop {
            if let Some((current, now)) = self.settled()? {
                return Ok(look(&current.state, now));
            }
            self.settle().await?;
        }
    }

    /// The current and its time, unless something has fallen due.
    fn settled(&self) -> Result<Option<Settled<'_, D>>, StoreError> {
        self.check_kept()?;
        let current = self.current.read();
        let now = current.now(&*self.server_context.wall);
        Ok(if current.due(now).is_none() { Some((current, now)) } else { None })
    }

    /// Records what has fallen due.
    async fn settle(&self) -> Result<(), StoreError> {
        self.turn(&mut |_, _, _| Ok(Vec::new())).await
    }

    /// Moves the clock and settles everything that falls due on the way, in order. Answers with the new time.
    ///
    /// # Errors
    /// Backwards or too far; or the store's.
    pub async fn change_clock(&self, change: &ClockChange) -> Result<DateTime<Utc>, ActError<ClockError>> {
        let mut decided = Ok(());
        self.turn(&mut |current, now, _| match current.clock.change(change, now, self.server_context.wall.now()) {
            Ok(clock) => {
                decided = Ok(());
                Ok(vec![LogEvent::World(WorldEvent::ClockChanged { clock })])
            }
            Err(refusal) => {
                decided = Err(refusal);
                Err(Declined)
            }
        })
        .await?;
        decided.map_err(ActError::Refused)?;
        Ok(self.read(|_, now| now).await?)
    }

    /// At most `limit` records after sequence number `after`, everything due being settled first.
    ///
    /// # Errors
    /// The store's.
    pub async fn timeline(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.read(|_, _| ()).await?;
        let records = self.server_context.store.read(&self.name, after, limit).await?;
        self.check_kept()?;
        Ok(records)
    }

    /// Sees the sequence number change; read the news with [`World::timeline`]. `u64::MAX` when the world is dropped.
    pub fn subscribe(&self) -> watch::Receiver<u64> {
        self.head.subscribe()
    }

    /// What a record of this world says, if it is the domain's.
    pub fn tell(&self, record: &Record) -> String {
        match LogEvent::<D::Event>::read(record.event.get()) {
            Ok(LogEvent::Domain(event)) => {
                let state = Arc::clone(&self.current.read().state);
                state.tell(&event)
            }
            Ok(LogEvent::World(WorldEvent::ClockChanged { clock })) => match clock {
                Clock::Frozen { at } => tr!(
                    "Часы мира переведены на {} и стоят",
                    "The world's clock was set to {} and stands",
                    moscow::date_time(at)
                ),
                Clock::Real | Clock::Offset { .. } => {
                    pick("Часы мира переведены и идут", "The world's clock was set and runs").to_owned()
                }
            },
            Ok(LogEvent::World(WorldEvent::Copied { from })) => {
                tr!(
                    "Мир скопирован с мира «{from}»: сеансы, коды и маркеры того мира здесь не действуют",
                    "The world is a copy of world «{from}»: sessions, codes and tokens of that world do not work here"
                )
            }
            Err(error) => tr!("Запись не читается: {error}", "The record cannot be read: {error}"),
        }
    }

    /// Settles what has fallen due, earliest first, then decides, records and applies, all in one turn. When the decision is
    /// no, nothing more is done. Compiled once for each domain, whatever is decided.
    async fn turn(&self, decide: &mut Decide<'_, D>) -> Result<(), StoreError> {
        let turn = Arc::new(self.take_turn().await);
        let mut races = 0;
        while races < MAX_RACES {
            self.check_kept()?;
            let (change, is_decided) = {
                let current = self.current.read();
                let now = current.now(&*self.server_context.wall);
                if let Some(due) = current.due(now) {
                    (due, false)
                } else {
                    let mut rng = current.rng.clone();
                    let Ok(log_events) = decide(&current, now, &mut rng) else { return Ok(()) };
                    (Change { at: now, rng: rng.position(), request: recorded::request(), log_events }, true)
                }
            };
            match change.log_events.is_empty() || self.record(&turn, change).await? {
                true if is_decided => return Ok(()),
                true => {}
                false => races += 1,
            }
        }
        Err(StoreError::Raced)
    }

    /// Waits until nobody changes the world, and keeps it so.
    pub(crate) async fn take_turn(&self) -> OwnedMutexGuard<()> {
        Arc::clone(&self.turn).lock_owned().await
    }

    /// Records and applies, even if the caller goes away meanwhile. `false`: another replica was first, and has been
    /// caught up with.
    async fn record(&self, turn: &Turn, change: Change<D::Event>) -> Result<bool, StoreError> {
        let Change { at, rng, request, log_events } = change;
        let expected = self.seq();
        let mut records = Vec::with_capacity(log_events.len());
        for (seq, log_event) in (expected + 1..).zip(&log_events) {
            let event = to_raw_value(log_event).map_err(|error| StoreError::Failed(Box::new(error)))?;
            records.push(Record { seq, at, rng, event: event.into() });
        }
        let (me, turn) = (self.me.upgrade().ok_or_else(|| self.gone())?, Arc::clone(turn));
        run_to_completion(async move {
            let kept = me.append(expected, &records, &log_events, request).await;
            drop(turn);
            kept
        })
        .await
    }

    async fn append(
        &self,
        expected: u64,
        records: &[Record],
        log_events: &[LogEvent<D::Event>],
        request: Option<u64>,
    ) -> Result<bool, StoreError> {
        let begun = Instant::now();
        let kept = self.server_context.store.append(&self.name, self.incarnation, expected, records).await;
        let meters = &self.server_context.meters;
        meters.append_seconds.observe(begun.elapsed().as_secs_f64());
        match kept {
            Ok(()) => {
                meters.events.inc_by(records.len() as u64);
                let at = self.server_context.wall.now();
                self.note_recorded(records.iter().map(|record| Recorded { seq: record.seq, at, request }));
                let mut current = self.current.write();
                // Whoever has caught up meanwhile has applied them already.
                let known = records.partition_point(|record| record.seq <= current.seq);
                for (record, log_event) in records.iter().zip(log_events).skip(known) {
                    current.apply(record, log_event);
                }
                let seq = current.seq;
                drop(current);
                self.head.send_replace(seq);
                self.note_growth(records);
                Ok(true)
            }
            Err(StoreError::Raced) => {
                meters.races.inc();
                self.catch_up(expected).await.map(|()| false)
            }
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
        if self.apply_news(seq).await? == 0 {
            self.set_dropped();
            return Err(self.gone());
        }
        Ok(())
    }

    /// Says that this world is dropped, once the change under way is through.
    pub(crate) async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.set_dropped();
    }

    /// Marks the world as dropped, for holders and for readers who wait for events.
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

    pub(crate) fn gone(&self) -> StoreError {
        StoreError::Gone(self.name.clone())
    }

    /// Its line in a list.
    pub(crate) fn summary(&self) -> Summary {
        let current = self.current.read();
        let (name, title) = (self.name.clone(), self.genesis.seed.title.clone());
        let now = current.now(&*self.server_context.wall);
        Summary { name, title, now, seq: current.seq, drops_at: None }
    }

    /// What a copy of it begins with, all that is due being settled, and its time.
    pub(crate) async fn snapshot(&self) -> Result<(CurrentState<D>, DateTime<Utc>), StoreError> {
        loop {
            if let Some((current, now)) = self.settled()? {
                return Ok((current.copied(), now));
            }
            self.settle().await?;
        }
    }

    #[cfg(test)]
    pub(crate) fn shares_state_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.current.read().state, &other.current.read().state)
    }

    /// The mark of its credentials.
    pub(crate) fn mark(&self) -> Option<Mark> {
        self.current.read().rng.mark()
    }
}

impl ServerContext {
    /// A world whose log cannot be replayed.
    pub(crate) fn unread(&self, world: &WorldName, Unread { event, reason }: Unread) -> StoreError {
        let file = self.store.file().map(std::path::Path::to_owned);
        let failure = Failure::new(FailureKind::Damaged, reason).of(world);
        Failure { file, event: Some(event), ..failure }.into()
    }
}
