//! All worlds of a server.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        Arc, Weak,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use esia::language::{pick, speaking, spoken, tr};
use parking_lot::RwLock;
use tokio::sync::{
    Mutex, OwnedMutexGuard,
    broadcast::{self, error::RecvError},
};

use crate::{
    Checkpoint, Domain, Export, Genesis, JournalBudget, Limits, Meters, QuotaError, Record, SeedDocument, SeedError,
    Summary, WallClock, World, WorldName, WorldRng,
    growth::Growth,
    store::{Glance, NewLog, Size, Store, StoreChange, StoreError, run_to_completion},
    times,
    wall::SteadyWall,
    world::{CurrentState, Kept, ServerContext, Unread},
};

/// Worlds in one look at a store.
const PAGE: usize = 1_000;

/// Why a world was not made.
#[derive(Debug, thiserror::Error)]
pub enum WorldError {
    /// The seed document is not acceptable.
    #[error(transparent)]
    Seed(#[from] SeedError),
    /// The store says no: the name is taken, or nobody has it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// As many worlds as the server keeps.
    #[error(
        "{}",
        tr!(
            "миров уже {_0}: больше этот сервер не держит, удалите ненужные",
            "there are {_0} worlds already: this server keeps no more, delete those that nobody needs"
        )
    )]
    Full(usize),
    /// The worlds take as much room as the server gives them, bytes.
    #[error(
        "{}",
        tr!(
            "миры занимают уже {} МиБ: больше этот сервер им не даёт, удалите ненужные",
            "the worlds take {} MiB already: this server gives them no more, delete those that nobody needs",
            _0 >> 20
        )
    )]
    Heavy(u64),
    /// As much as the owner of the world may have.
    #[error(transparent)]
    Quota(#[from] QuotaError),
    /// An export that this server cannot take.
    #[error("{}", tr!("выгрузка не подходит: {_0}", "the export does not fit: {_0}"))]
    Import(String),
}

/// Which records of a log are wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    /// Those after its checkpoint.
    Checkpoint,
    /// All that are kept.
    First,
}

/// What a server adds to every seed before a world is made from it.
type Prepare = Box<dyn Fn(&mut SeedDocument) + Send + Sync>;

/// Worlds that are in memory.
type Open<D> = RwLock<BTreeMap<WorldName, Arc<World<D>>>>;

/// The worlds of one server: made, found, forked, exported, dropped.
pub struct Worlds<D: Domain> {
    server: &'static str,
    server_context: Arc<ServerContext>,
    prepare: Option<Prepare>,
    open: Arc<Open<D>>,
    /// How often a world has been asked for.
    asked: AtomicU64,
    /// Taken by whoever changes which worlds are there or open, so that store and `open` agree.
    membership: Arc<Mutex<()>>,
}

/// The first instant of a world, worked out beside everything else: a seed may generate a million people.
async fn begin<D: Domain>(
    genesis: &Arc<Genesis>,
    rng: WorldRng,
) -> Result<Result<CurrentState<D>, SeedError>, StoreError> {
    let genesis = Arc::clone(genesis);
    // What is wrong with a seed is told to whoever brings it, on another thread.
    let language = spoken();
    let work = move || speaking(language, || CurrentState::genesis(&genesis, rng));
    let begun = tokio::task::spawn_blocking(work).await;
    begun.map_err(|error| StoreError::Failed(Box::new(error)))
}

impl<D: Domain> Worlds<D> {
    /// The worlds that `store` keeps; `server` is `idp` or `diary`, and stands in exports.
    pub fn new(server: &'static str, store: Arc<dyn Store>, wall: Arc<dyn WallClock>, limits: Limits) -> Self {
        let wall = Arc::new(SteadyWall::new(wall));
        let journals = Arc::new(JournalBudget::of(limits.journal_bytes));
        let server_context = Arc::new(ServerContext {
            store,
            wall,
            limits,
            journals,
            meters: Meters::default(),
            marks: RwLock::new(HashMap::new()),
        });
        let (open, asked, membership) = (Arc::<Open<D>>::default(), AtomicU64::new(0), Arc::default());
        if let Some(changes) = server_context.store.changes() {
            tokio::spawn(follow(Arc::downgrade(&open), changes));
        }
        Self { server, server_context, prepare: None, open, asked, membership }
    }

    /// Adds something to every seed from which a world is made from now on. It stands in the world's genesis, so replaying,
    /// forking and exporting need not know of it; worlds that are there already, forks and imports are left as they are.
    #[must_use]
    pub fn preparing(mut self, prepare: impl Fn(&mut SeedDocument) + Send + Sync + 'static) -> Self {
        self.prepare = Some(Box::new(prepare));
        self
    }

    /// Which server these are worlds of.
    pub fn server(&self) -> &'static str {
        self.server
    }

    /// A world by name: open already, or brought back from the store.
    ///
    /// # Errors
    /// [`StoreError::Gone`] when there is none; the store's own failure.
    pub async fn get(&self, name: &WorldName) -> Result<Arc<World<D>>, StoreError> {
        let world = self.found(name).await?;
        self.touch(&world).await;
        Ok(world)
    }

    async fn found(&self, name: &WorldName) -> Result<Arc<World<D>>, StoreError> {
        if let Some(world) = self.current(name).await? {
            return Ok(world);
        }
        let _turn = self.membership.lock().await;
        if let Some(world) = self.current(name).await? {
            return Ok(world);
        }
        let kept = self.bring_back(name).await?;
        Ok(self.open(name.clone(), kept))
    }

    /// A world from its store: from its checkpoint and the events after it, or from its beginning.
    async fn bring_back(&self, name: &WorldName) -> Result<Kept<D>, StoreError> {
        let store = &self.server_context.store;
        let unread = |unread| self.server_context.unread(name, unread);
        let kept = store.genesis(name).await?;
        let (genesis, incarnation) = kept.ok_or_else(|| StoreError::Gone(name.clone()))?;
        let rng = self.rng(name, &genesis);
        let (mut checkpoint, mut records) = self.kept_log(name, From::Checkpoint).await?;
        let resumed = checkpoint.as_ref().map(|checkpoint| CurrentState::resume(checkpoint, rng.clone()));
        let mut current = match resumed {
            Some(Ok(current)) => current,
            unusable => {
                if let Some(Err(reason)) = unusable {
                    tracing::warn!(%name, reason, "the checkpoint of a world is of another version: its whole log is replayed");
                    (checkpoint, records) = (None, store.read(name, 0, usize::MAX).await?);
                }
                let begun = begin(&genesis, rng).await?;
                begun.map_err(|error| unread(Unread { event: 0, reason: error.to_string() }))?
            }
        };
        current.replay(&records).map_err(unread)?;
        current.run_on(name, &*self.server_context.wall);
        let growth = Growth::after(checkpoint.as_ref(), &records);
        Ok(Kept { genesis, incarnation, current, growth })
    }

    /// The checkpoint of a world and its records. Where some after the checkpoint are missing, the log is damaged: whoever reads
    /// it says which.
    async fn kept_log(&self, name: &WorldName, from: From) -> Result<(Option<Checkpoint>, Vec<Record>), StoreError> {
        let store = &self.server_context.store;
        let mut checkpoint = store.checkpoint(name).await?;
        loop {
            let upto = checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.seq);
            let after = if from == From::Checkpoint { upto } else { 0 };
            let records = store.read(name, after, usize::MAX).await?;
            if records.first().is_none_or(|first| first.seq <= upto + 1) {
                return Ok((checkpoint, records));
            }
            // A newer one may have been put between the two looks, and records before it have gone.
            let newer = store.checkpoint(name).await?;
            if newer.as_ref().map_or(0, |newer| newer.seq) == upto {
                return Ok((checkpoint, records));
            }
            checkpoint = newer;
        }
    }

    /// An open world as it is now, at whichever replica it was changed. `None` when it is not open, or was dropped elsewhere.
    async fn current(&self, name: &WorldName) -> Result<Option<Arc<World<D>>>, StoreError> {
        let Some(world) = self.opened(name) else { return Ok(None) };
        match world.refresh().await {
            Ok(()) => Ok(Some(world)),
            Err(StoreError::Gone(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// The source of a world's random values.
    fn rng(&self, name: &WorldName, genesis: &Genesis) -> WorldRng {
        WorldRng::of_world(self.server, name, genesis.random)
    }

    /// What its worlds and their store do, counted.
    pub fn meters(&self) -> &Meters {
        &self.server_context.meters
    }

    /// How many worlds there are, open ones among them, and what all of them take.
    ///
    /// # Errors
    /// The store's.
    pub async fn size(&self) -> Result<(Size, usize), StoreError> {
        Ok((self.server_context.store.size().await?, self.open.read().len()))
    }

    /// Whether a world could be written to now.
    ///
    /// # Errors
    /// Why not; the store's.
    pub async fn check(&self) -> Result<(), StoreError> {
        self.server_context.store.check().await
    }

    /// Makes a world from a seed document.
    ///
    /// # Errors
    /// A bad seed, a taken name, a full server, a failed store. Nothing is made then.
    pub async fn create(&self, name: WorldName, seed: SeedDocument) -> Result<Arc<World<D>>, WorldError> {
        let (genesis, current) = self.begin(&name, seed).await?;
        let _turn = self.membership.lock().await;
        self.check_room(&name).await?;
        self.keep(name, genesis, current, NewLog::default()).await
    }

    /// A world as a seed begins it, kept nowhere yet.
    async fn begin(
        &self,
        name: &WorldName,
        mut seed: SeedDocument,
    ) -> Result<(Arc<Genesis>, CurrentState<D>), WorldError> {
        if let Some(prepare) = &self.prepare {
            prepare(&mut seed);
        }
        let wall = self.server_context.wall.now();
        let clock = seed.clock.start(wall);
        let random = seed.random.unwrap_or_else(rand::random);
        let genesis = Arc::new(Genesis { seed, random, clock, started_at: clock.now(wall) });
        let current = begin(&genesis, self.rng(name, &genesis)).await??;
        Ok((genesis, current))
    }

    /// The world of that name, made from a seed when there is none, at whichever replica that is done first.
    ///
    /// # Errors
    /// As [`Worlds::get`] and [`Worlds::create`].
    pub async fn get_or_create(&self, name: &WorldName, seed: SeedDocument) -> Result<Arc<World<D>>, WorldError> {
        match self.get(name).await {
            Err(StoreError::Gone(_)) => {}
            got => return Ok(got?),
        }
        match self.create(name.clone(), seed).await {
            Err(WorldError::Store(StoreError::Exists(_))) => Ok(self.get(name).await?),
            made => made,
        }
    }

    /// A world begun anew from its seed. Whoever holds the old one can do nothing with it any more.
    ///
    /// # Errors
    /// As [`Worlds::get`] and [`Worlds::create`].
    pub async fn reset(&self, name: &WorldName) -> Result<Arc<World<D>>, WorldError> {
        let seed = self.get(name).await?.genesis().seed.clone();
        // All that can be refused comes first: a world that cannot begin anew stays as it is. It had its room already.
        let (genesis, current) = self.begin(name, seed).await?;
        let (place, begun) = (name.clone(), Arc::clone(&genesis));
        let replace = async move |store: Arc<dyn Store>| store.replace(&place, &begun).await;
        let (incarnation, _turn) = self.close_and(name, replace).await?;
        let world = self.open(name.clone(), Kept { genesis, incarnation, current, growth: Growth::default() });
        self.touch(&world).await;
        Ok(world)
    }

    /// A copy under another name. Neither sees what becomes of the other, and what opens one opens nothing in the other:
    /// sessions, codes and tokens stay with the parent.
    ///
    /// # Errors
    /// As [`Worlds::create`].
    pub async fn fork(&self, parent: &WorldName, name: WorldName) -> Result<Arc<World<D>>, WorldError> {
        let parent = self.get(parent).await?;
        loop {
            let (mut current, now) = parent.snapshot().await?;
            let upto = current.seq;
            let copied = current.become_copy(parent.name(), self.rng(&name, parent.genesis()), now)?;
            let _turn = self.membership.lock().await;
            parent.check_kept()?;
            self.check_room(&name).await?;
            let incarnation = match self.server_context.store.fork(parent.name(), upto, &name, &[copied]).await {
                // The parent has got a checkpoint since it was looked at, beyond what was seen of it.
                Err(StoreError::Raced) => continue,
                forked => forked?,
            };
            let growth = parent.growth.lock().of_fork();
            let kept = Kept { genesis: Arc::clone(parent.genesis()), incarnation, current, growth };
            let world = self.open(name, kept);
            self.touch(&world).await;
            return Ok(world);
        }
    }

    /// A whole world as a document.
    ///
    /// # Errors
    /// The store's.
    pub async fn export(&self, name: &WorldName) -> Result<Export, StoreError> {
        let world = self.get(name).await?;
        let (checkpoint, records) = self.kept_log(name, From::First).await?;
        world.check_kept()?;
        // A whole log needs none.
        let checkpoint = checkpoint.filter(|_| records.first().is_some_and(|first| first.seq > 1));
        Ok(Export {
            format: if checkpoint.is_some() { 2 } else { 1 },
            server: self.server.to_owned(),
            name: name.clone(),
            genesis: (**world.genesis()).clone(),
            checkpoint,
            records,
        })
    }

    /// A world from an exported document. Under the name that it had it is the same world; under another one it is a copy,
    /// as a fork is.
    ///
    /// # Errors
    /// Another format or server, gaps in the log, time that goes back or lies outside of the years 1 to 9999, records that
    /// do not read; and as [`Worlds::create`].
    pub async fn import(&self, mut export: Export, name: Option<WorldName>) -> Result<Arc<World<D>>, WorldError> {
        takes_form(&export, self.server)?;
        let upto = export.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.seq);
        let first = export.records.first().map_or(upto + 1, |first| first.seq.clamp(1, upto + 1));
        if let Some((record, expected)) = export.records.iter().zip(first..).find(|(record, seq)| record.seq != *seq) {
            return Err(WorldError::Import(tr!(
                "после события {} идёт {}",
                "after event {} comes {}",
                expected - 1,
                record.seq
            )));
        }
        let mut last_at = export.genesis.started_at;
        for record in &export.records {
            if record.at < last_at {
                return Err(WorldError::Import(tr!(
                    "событие {} раньше, чем было до него",
                    "event {} is earlier than the one before it",
                    record.seq
                )));
            }
            if !times::is_in_bounds(record.at) {
                return Err(WorldError::Import(tr!(
                    "событие {}: время события: год от 1 до 9999",
                    "event {}: time of the event: a year from 1 to 9999",
                    record.seq
                )));
            }
            let checked = times::check(&mut serde_json::Deserializer::from_str(record.event.get()));
            checked.map_err(|error| {
                WorldError::Import(tr!("событие {}: {}", "event {}: {}", record.seq, in_one_line(&error)))
            })?;
            last_at = record.at;
        }
        let name = name.unwrap_or_else(|| export.name.clone());
        let mut current = CurrentState::genesis(&export.genesis, self.rng(&name, &export.genesis))?;
        if let Some(checkpoint) = &export.checkpoint {
            let resumed = checkpoint.check_times().and_then(|()| CurrentState::resume(checkpoint, current.rng));
            current = resumed.map_err(|reason| {
                WorldError::Import(tr!("checkpoint не читается: {reason}", "the checkpoint cannot be read: {reason}"))
            })?;
        }
        let later = export.records.partition_point(|record| record.seq <= upto);
        let replayed = current.replay(&export.records[later..]);
        replayed.map_err(|Unread { event, reason }| {
            WorldError::Import(tr!("событие {event} не читается: {reason}", "event {event} cannot be read: {reason}"))
        })?;
        current.run_on(&name, &*self.server_context.wall);
        if name != export.name {
            let (rng, now) = (self.rng(&name, &export.genesis), current.now(&*self.server_context.wall));
            export.records.push(current.become_copy(&export.name, rng, now)?);
        }
        let log = NewLog { checkpoint: export.checkpoint.as_ref(), records: &export.records };
        let _turn = self.membership.lock().await;
        self.check_room(&name).await?;
        self.keep(name, Arc::new(export.genesis), current, log).await
    }

    /// Drops a world as a whole. `false` when there was none.
    ///
    /// # Errors
    /// The store's.
    pub async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        let gone = name.clone();
        let (deleted, _turn) =
            self.close_and(name, async move |store: Arc<dyn Store>| store.delete(&gone).await).await?;
        Ok(deleted)
    }

    /// Closes a world and then changes the store, to its end even if whoever asked for it goes away meanwhile. Answers with the
    /// turn of [`Self::membership`] too.
    async fn close_and<T, F>(
        &self,
        name: &WorldName,
        change: impl FnOnce(Arc<dyn Store>) -> F + Send + 'static,
    ) -> Result<(T, OwnedMutexGuard<()>), StoreError>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send,
    {
        let turn = Arc::clone(&self.membership).lock_owned().await;
        let world = self.take_out(name);
        let store = Arc::clone(&self.server_context.store);
        run_to_completion(async move {
            // First whoever holds it is told, so that no change of theirs falls into a later world of that name.
            if let Some(world) = world {
                world.close().await;
            }
            Ok((change(store).await?, turn))
        })
        .await
    }

    /// Drops the worlds that nobody has asked for as long as [`Limits::idle`] says, and answers with their names.
    ///
    /// # Errors
    /// The store's.
    pub async fn drop_idle(&self) -> Result<Vec<WorldName>, StoreError> {
        let Limits { idle: Some(idle), .. } = self.server_context.limits else { return Ok(Vec::new()) };
        let now = self.server_context.wall.now();
        let before = now - idle - self.server_context.limits.idle_step().unwrap_or_default();
        let mut dropped = Vec::new();
        for name in self.server_context.store.idle(before, now).await? {
            if !name.is_main() && self.delete_idle(&name, before).await? {
                dropped.push(name);
            }
        }
        Ok(dropped)
    }

    /// Drops a world unless it was asked for meanwhile. Whoever holds it still can do nothing with it any more.
    async fn delete_idle(&self, name: &WorldName, before: DateTime<Utc>) -> Result<bool, StoreError> {
        let _turn = self.membership.lock().await;
        if !self.server_context.store.delete_idle(name, before).await? {
            return Ok(false);
        }
        if let Some(world) = self.take_out(name) {
            world.close().await;
        }
        Ok(true)
    }

    /// Takes a world that is dropped from among the open ones.
    fn take_out(&self, name: &WorldName) -> Option<Arc<World<D>>> {
        let world = self.open.write().remove(name)?;
        if let Some(mark) = world.mark() {
            self.server_context.marks.write().remove(&mark);
        }
        Some(world)
    }

    /// Notes in the store that somebody asks for a world, where idle ones are dropped. Whoever asks does not suffer when that
    /// cannot be noted.
    async fn touch(&self, world: &World<D>) {
        let Some(step) = self.server_context.limits.idle_step() else { return };
        let now = self.server_context.wall.now();
        let told = world.touched_at.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |told| {
            (now.timestamp_millis() - told >= step.num_milliseconds()).then(|| now.timestamp_millis())
        });
        if told.is_ok()
            && let Err(error) = self.server_context.store.touch(world.name(), now).await
        {
            tracing::warn!(%error, world = %world.name(), "it was not noted that somebody asks for this world");
        }
    }

    /// How many worlds belong to an owner, and what they take in the store.
    ///
    /// # Errors
    /// The store's.
    pub async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        self.server_context.store.size_of(owner).await
    }

    /// Every world, in order of names. Opens none.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> Result<Vec<Summary>, StoreError> {
        let mut list: Vec<Summary> = Vec::new();
        loop {
            let page = self.server_context.store.list(list.last().map(|last| &last.name), PAGE).await?;
            let is_last = page.len() < PAGE;
            list.extend(page.into_iter().map(|glance| self.summary(glance)));
            if is_last {
                return Ok(list);
            }
        }
    }

    fn summary(&self, Glance { name, title, clock, last_at, seq, touched_at }: Glance) -> Summary {
        let limits = &self.server_context.limits;
        let grace = limits.idle.zip(limits.idle_step()).filter(|_| !name.is_main()).map(|(idle, step)| idle + step);
        let drops_at = touched_at.zip(grace).map(|(touched_at, grace)| touched_at + grace);
        let is_here = |world: &&Arc<World<D>>| !world.is_dropped() && !self.server_context.store.is_shared();
        let open = self.open.read().get(&name).filter(is_here).map(Arc::clone);
        if let Some(world) = open {
            return Summary { drops_at, ..world.summary() };
        }
        let now = clock.now(self.server_context.wall.now()).max(last_at);
        Summary { name, title, now, seq, drops_at }
    }

    /// Keeps a new world; whoever calls it holds the turn of [`Self::membership`].
    async fn keep(
        &self,
        name: WorldName,
        genesis: Arc<Genesis>,
        current: CurrentState<D>,
        log: NewLog<'_>,
    ) -> Result<Arc<World<D>>, WorldError> {
        let incarnation = self.server_context.store.create(&name, &genesis, log).await?;
        let growth = Growth::after(log.checkpoint, log.records);
        let world = self.open(name, Kept { genesis, incarnation, current, growth });
        self.touch(&world).await;
        Ok(world)
    }

    /// Whether one more world may be made, of that name.
    async fn check_room(&self, name: &WorldName) -> Result<(), WorldError> {
        let (Size { worlds, bytes }, limits) = (self.server_context.store.size().await?, &self.server_context.limits);
        if worlds >= limits.worlds {
            return Err(WorldError::Full(limits.worlds));
        }
        if bytes >= limits.bytes {
            return Err(WorldError::Heavy(bytes));
        }
        match limits.quota_of(name) {
            Some(quota) => Ok(quota.check(self.server_context.store.size_of(&quota.owner).await?)?),
            None => Ok(()),
        }
    }

    #[cfg(test)]
    pub(crate) fn open_count(&self) -> usize {
        self.open.read().len()
    }

    fn opened(&self, name: &WorldName) -> Option<Arc<World<D>>> {
        let open = self.open.read();
        let world = open.get(name).filter(|world| !world.is_dropped())?;
        world.asked_at.store(self.asked.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        Some(Arc::clone(world))
    }

    /// Puts a world among the open ones, in the place of one that another replica has dropped.
    fn open(&self, name: WorldName, kept: Kept<D>) -> Arc<World<D>> {
        let world = World::new(name.clone(), kept, Arc::clone(&self.server_context));
        world.asked_at.store(self.asked.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
        if let Some(mark) = world.mark() {
            self.server_context.marks.write().insert(mark, name.clone());
        }
        let mut open = self.open.write();
        if let Some(old) = open.insert(name, Arc::clone(&world)) {
            old.set_dropped();
        }
        if self.server_context.store.is_lasting() && open.len() > self.server_context.limits.open {
            close_oldest(&mut open, self.server_context.limits.open);
        }
        world
    }
}

/// Drops worlds that nobody asks for, as they fall due, until the server ends. Nothing happens where [`Limits::idle`] says never.
pub fn drop_idle_worlds<D: Domain>(worlds: &Arc<Worlds<D>>) {
    let Some(step) = worlds.server_context.limits.idle_step().and_then(|step| step.to_std().ok()) else { return };
    let worlds = Arc::downgrade(worlds);
    tokio::spawn(async move {
        let mut again = tokio::time::interval(step);
        loop {
            again.tick().await;
            let Some(worlds) = worlds.upgrade() else { return };
            match worlds.drop_idle().await {
                Ok(dropped) if dropped.is_empty() => {}
                Ok(dropped) => tracing::info!(worlds = ?dropped, "worlds that nobody asked for are dropped"),
                Err(error) => tracing::warn!(%error, "worlds that nobody asks for were not dropped"),
            }
        }
    });
}

/// Brings watched worlds up to date as other replicas change them, until the server ends. The others are brought up to date
/// when they are asked for.
async fn follow<D: Domain>(open: Weak<Open<D>>, mut changes: broadcast::Receiver<StoreChange>) {
    loop {
        let change = match changes.recv().await {
            Ok(change) => change,
            Err(RecvError::Lagged(_)) => StoreChange::Unknown,
            Err(RecvError::Closed) => return,
        };
        let Some(open) = open.upgrade() else { return };
        let is_meant = |world: &&Arc<World<D>>| {
            world.is_watched()
                && (change == StoreChange::Unknown || change == StoreChange::Appended(world.incarnation()))
        };
        let meant: Vec<_> = open.read().values().filter(is_meant).map(Arc::clone).collect();
        for world in meant {
            if let Err(error) = world.refresh().await {
                tracing::warn!(%error, "a world was not brought up to date");
            }
        }
    }
}

/// Closes worlds that nobody holds, those first that have not been asked for longest, until three quarters of `most` are
/// left; so it is seldom looked for them. `main` stays. Nobody can come to hold one meanwhile: that is done under the same
/// lock.
fn close_oldest<D: Domain>(open: &mut BTreeMap<WorldName, Arc<World<D>>>, most: usize) {
    let idle = open.iter().filter(|(name, world)| Arc::strong_count(world) == 1 && !name.is_main());
    let mut idle: Vec<_> = idle.map(|(name, world)| (world.asked_at.load(Ordering::Relaxed), name.clone())).collect();
    idle.sort_unstable();
    let surplus = open.len().saturating_sub(most - most / 4);
    for (_, name) in idle.into_iter().take(surplus) {
        open.remove(&name);
    }
}

/// An event is one line: where in it says nothing.
fn in_one_line(error: &serde_json::Error) -> String {
    error.to_string().split(" at line ").next().unwrap_or_default().to_owned()
}

/// Whether an export is of a form and of a server that can be taken.
fn takes_form(export: &Export, server: &str) -> Result<(), WorldError> {
    if ![1, 2].contains(&export.format) || export.server != server {
        return Err(WorldError::Import(tr!(
            "формат {} сервера «{}», а нужен формат 1 или 2 сервера «{server}»",
            "format {} of server «{}», and needed is format 1 or 2 of server «{server}»",
            export.format,
            export.server
        )));
    }
    if export.checkpoint.is_some() != (export.format == 2) {
        let told = pick(
            "checkpoint бывает только в формате 2, и в нём он всегда",
            "a checkpoint is in format 2 only, and there always",
        );
        return Err(WorldError::Import(told.to_owned()));
    }
    Ok(())
}
