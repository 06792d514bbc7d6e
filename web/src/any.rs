//! Worlds without their type, for what is the same on both servers.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::Extensions;
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use worlds::{
    ActError, Clock, ClockChange, ClockError, Domain, Export, Genesis, Journal, Record, SeedDocument, Summary, World,
    WorldError, WorldName, Worlds, store::StoreError,
};

/// A world of either server.
#[async_trait]
pub trait AnyWorld: Send + Sync {
    /// Its name.
    fn name(&self) -> &WorldName;
    /// Its time.
    fn now(&self) -> DateTime<Utc>;
    /// Its clock.
    fn clock(&self) -> Clock;
    /// Number of its events.
    fn seq(&self) -> u64;
    /// How it began.
    fn genesis(&self) -> &Genesis;
    /// Its journal of requests.
    fn journal(&self) -> &Journal;
    /// See [`World::is_dropped`].
    fn is_dropped(&self) -> bool;
    /// See [`World::change_clock`].
    async fn change_clock(&self, change: &ClockChange) -> Result<DateTime<Utc>, ActError<ClockError>>;
    /// See [`World::timeline`].
    async fn timeline(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;
    /// See [`World::recorded_at`].
    fn recorded_at(&self, seq: u64) -> Option<DateTime<Utc>>;
    /// See [`World::tell`].
    fn tell(&self, record: &Record) -> String;
    /// See [`World::subscribe`].
    fn subscribe(&self) -> watch::Receiver<u64>;
    /// Puts the typed `Arc<World<D>>` where [`crate::InWorld`] finds it.
    fn install(self: Arc<Self>, extensions: &mut Extensions);
}

#[async_trait]
impl<D: Domain> AnyWorld for World<D> {
    fn name(&self) -> &WorldName {
        self.name()
    }

    fn now(&self) -> DateTime<Utc> {
        self.now()
    }

    fn clock(&self) -> Clock {
        self.clock()
    }

    fn seq(&self) -> u64 {
        self.seq()
    }

    fn genesis(&self) -> &Genesis {
        self.genesis()
    }

    fn journal(&self) -> &Journal {
        self.journal()
    }

    fn is_dropped(&self) -> bool {
        self.is_dropped()
    }

    async fn change_clock(&self, change: &ClockChange) -> Result<DateTime<Utc>, ActError<ClockError>> {
        self.change_clock(change).await
    }

    async fn timeline(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError> {
        self.timeline(after, limit).await
    }

    fn recorded_at(&self, seq: u64) -> Option<DateTime<Utc>> {
        self.recorded_at(seq)
    }

    fn tell(&self, record: &Record) -> String {
        self.tell(record)
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.subscribe()
    }

    fn install(self: Arc<Self>, extensions: &mut Extensions) {
        extensions.insert(self);
    }
}

/// The worlds of either server.
#[async_trait]
pub trait AnyWorlds: Send + Sync {
    /// See [`Worlds::server`].
    fn server(&self) -> &'static str;
    /// See [`Worlds::get`].
    async fn get(&self, name: &WorldName) -> Result<Arc<dyn AnyWorld>, StoreError>;
    /// See [`Worlds::create`].
    async fn create(&self, name: WorldName, seed: SeedDocument) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// See [`Worlds::fork`].
    async fn fork(&self, parent: &WorldName, name: WorldName) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// See [`Worlds::export`].
    async fn export(&self, name: &WorldName) -> Result<Export, StoreError>;
    /// See [`Worlds::import`].
    async fn import(&self, export: Export, name: Option<WorldName>) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// See [`Worlds::delete`].
    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError>;
    /// See [`Worlds::list`].
    async fn list(&self) -> Result<Vec<Summary>, StoreError>;
    /// Whether `main` is there, and the store takes what is written.
    async fn health(&self) -> Result<(), StoreError>;
}

#[async_trait]
impl<D: Domain> AnyWorlds for Worlds<D> {
    fn server(&self) -> &'static str {
        self.server()
    }

    async fn get(&self, name: &WorldName) -> Result<Arc<dyn AnyWorld>, StoreError> {
        Ok(self.get(name).await?)
    }

    async fn create(&self, name: WorldName, seed: SeedDocument) -> Result<Arc<dyn AnyWorld>, WorldError> {
        Ok(self.create(name, seed).await?)
    }

    async fn fork(&self, parent: &WorldName, name: WorldName) -> Result<Arc<dyn AnyWorld>, WorldError> {
        Ok(self.fork(parent, name).await?)
    }

    async fn export(&self, name: &WorldName) -> Result<Export, StoreError> {
        self.export(name).await
    }

    async fn import(&self, export: Export, name: Option<WorldName>) -> Result<Arc<dyn AnyWorld>, WorldError> {
        Ok(self.import(export, name).await?)
    }

    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError> {
        self.delete(name).await
    }

    async fn list(&self) -> Result<Vec<Summary>, StoreError> {
        self.list().await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.get(&WorldName::main()).await?;
        self.check().await
    }
}
