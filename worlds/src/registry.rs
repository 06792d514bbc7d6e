//! All worlds of a server.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, Utc};
use parking_lot::RwLock;
use serde::Serialize;
use tokio::sync::Mutex;

use crate::{
    Domain, Export, Genesis, JournalBudget, Record, SeedDocument, SeedError, WallClock, World, WorldName,
    store::{Glance, Store, StoreError, see_through},
    world::{Home, Present},
};

/// How much a server keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Worlds at once.
    pub worlds: usize,
    /// Journal entries of one world.
    pub journal: usize,
    /// Journal entries of all worlds together, bytes.
    pub journal_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { worlds: 50_000, journal: 500, journal_bytes: 64 * 1024 * 1024 }
    }
}

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
    #[error("миров уже {0}: больше этот сервер не держит, удалите ненужные")]
    Full(usize),
    /// An export that this server cannot take.
    #[error("выгрузка не подходит: {0}")]
    Import(String),
}

/// One world in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Its name.
    pub name: WorldName,
    /// Its seed's title.
    pub title: String,
    /// Its time.
    pub now: DateTime<Utc>,
    /// Number of its events.
    pub seq: u64,
}

/// What a server adds to every seed before a world is made from it.
type Prepare = Box<dyn Fn(&mut SeedDocument) + Send + Sync>;

/// The worlds of one server: made, found, forked, exported, dropped.
pub struct Worlds<D: Domain> {
    server: &'static str,
    home: Arc<Home>,
    prepare: Option<Prepare>,
    open: RwLock<BTreeMap<WorldName, Arc<World<D>>>>,
    /// Taken by whoever changes which worlds are there or open, so that store and `open` agree.
    door: Arc<Mutex<()>>,
}

impl<D: Domain> Worlds<D> {
    /// The worlds that `store` keeps; `server` is `idp` or `diary`, and stands in exports.
    pub fn new(server: &'static str, store: Arc<dyn Store>, wall: Arc<dyn WallClock>, limits: Limits) -> Self {
        let journals = Arc::new(JournalBudget::of(limits.journal_bytes));
        let home = Arc::new(Home { store, wall, limits, journals });
        Self { server, home, prepare: None, open: RwLock::default(), door: Arc::default() }
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
        if let Some(world) = self.opened(name) {
            return Ok(world);
        }
        let _door = self.door.lock().await;
        if let Some(world) = self.opened(name) {
            return Ok(world);
        }
        let genesis = self.home.store.genesis(name).await?.ok_or_else(|| StoreError::Gone(name.clone()))?;
        let mut present = Present::genesis(&genesis).map_err(|error| StoreError::Failed(Box::new(error)))?;
        let records = self.home.store.read(name, 0, usize::MAX).await?;
        present.replay(&records)?;
        Ok(self.open(name.clone(), genesis, present))
    }

    /// Makes a world from a seed document.
    ///
    /// # Errors
    /// A bad seed, a taken name, a full server, a failed store. Nothing is made then.
    pub async fn create(&self, name: WorldName, mut seed: SeedDocument) -> Result<Arc<World<D>>, WorldError> {
        if let Some(prepare) = &self.prepare {
            prepare(&mut seed);
        }
        let wall = self.home.wall.now();
        let clock = seed.clock.start(wall);
        let random = seed.random.unwrap_or_else(rand::random);
        let genesis = Genesis { seed, random, clock, started_at: clock.now(wall) };
        let present = Present::genesis(&genesis)?;
        self.keep(name, genesis, present, &[]).await
    }

    /// A copy under another name that shares nothing with its parent afterwards.
    ///
    /// # Errors
    /// As [`Worlds::create`].
    pub async fn fork(&self, parent: &WorldName, name: WorldName) -> Result<Arc<World<D>>, WorldError> {
        let parent = self.get(parent).await?;
        let present = parent.snapshot();
        let upto = usize::try_from(present.seq).unwrap_or(usize::MAX);
        let records = self.home.store.read(parent.name(), 0, upto).await?;
        parent.check_kept()?;
        self.keep(name, (**parent.genesis()).clone(), present, &records).await
    }

    /// A whole world as a document.
    ///
    /// # Errors
    /// The store's.
    pub async fn export(&self, name: &WorldName) -> Result<Export, StoreError> {
        let world = self.get(name).await?;
        let records = self.home.store.read(name, 0, usize::MAX).await?;
        world.check_kept()?;
        Ok(Export {
            format: 1,
            server: self.server.to_owned(),
            name: name.clone(),
            genesis: (**world.genesis()).clone(),
            records,
        })
    }

    /// A world from an exported document, under `name` or the one it had.
    ///
    /// # Errors
    /// Another format or server, gaps in the log, time that goes back, records that do not read; and as
    /// [`Worlds::create`].
    pub async fn import(&self, export: Export, name: Option<WorldName>) -> Result<Arc<World<D>>, WorldError> {
        if export.format != 1 || export.server != self.server {
            return Err(WorldError::Import(format!(
                "формат {} сервера «{}», а нужен формат 1 сервера «{}»",
                export.format, export.server, self.server
            )));
        }
        if let Some((record, expected)) = export.records.iter().zip(1..).find(|(record, seq)| record.seq != *seq) {
            return Err(WorldError::Import(format!("после события {} идёт {}", expected - 1, record.seq)));
        }
        let mut last_at = export.genesis.started_at;
        for record in &export.records {
            if record.at < last_at {
                return Err(WorldError::Import(format!("событие {} раньше, чем было до него", record.seq)));
            }
            last_at = record.at;
        }
        let mut present = Present::genesis(&export.genesis)?;
        present.replay(&export.records).map_err(|error| WorldError::Import(format!("событие не читается: {error}")))?;
        self.keep(name.unwrap_or(export.name), export.genesis, present, &export.records).await
    }

    /// Drops a world as a whole. `false` when there was none.
    ///
    /// # Errors
    /// The store's.
    pub async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        let door = Arc::clone(&self.door).lock_owned().await;
        let world = self.open.write().remove(name);
        let (store, name) = (Arc::clone(&self.home.store), name.clone());
        see_through(async move {
            // First whoever holds it is told, so that no change of theirs falls into a later world of that name.
            if let Some(world) = world {
                world.close().await;
            }
            let deleted = store.delete(&name).await;
            drop(door);
            deleted
        })
        .await
    }

    /// Every world, in order of names. Opens none.
    ///
    /// # Errors
    /// The store's.
    pub async fn list(&self) -> Result<Vec<Summary>, StoreError> {
        let mut list = Vec::new();
        for name in self.home.store.names().await? {
            if let Some(world) = self.opened(&name) {
                list.push(world.summary());
            } else if let Some(Glance { title, clock, last_at, seq }) = self.home.store.glance(&name).await? {
                let now = clock.now(self.home.wall.now()).max(last_at);
                list.push(Summary { name, title, now, seq });
            }
        }
        Ok(list)
    }

    async fn keep(
        &self,
        name: WorldName,
        genesis: Genesis,
        present: Present<D>,
        records: &[Record],
    ) -> Result<Arc<World<D>>, WorldError> {
        let _door = self.door.lock().await;
        if self.home.store.count().await? >= self.home.limits.worlds {
            return Err(WorldError::Full(self.home.limits.worlds));
        }
        self.home.store.create(&name, &genesis, records).await?;
        Ok(self.open(name, genesis, present))
    }

    fn opened(&self, name: &WorldName) -> Option<Arc<World<D>>> {
        self.open.read().get(name).filter(|world| !world.is_dropped()).map(Arc::clone)
    }

    /// Puts a world among the open ones, in the place of one that another replica has dropped.
    fn open(&self, name: WorldName, genesis: Genesis, present: Present<D>) -> Arc<World<D>> {
        let world = World::new(name.clone(), genesis, present, Arc::clone(&self.home));
        if let Some(old) = self.open.write().insert(name, Arc::clone(&world)) {
            old.set_dropped();
        }
        world
    }
}
