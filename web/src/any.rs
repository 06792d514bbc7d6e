//! Worlds without their type, for what is the same on both servers.

use std::sync::Arc;

use async_trait::async_trait;
use axum::http::Extensions;
use chrono::{DateTime, Utc};
use tokio::sync::watch;
use worlds::{
    ActError, Clock, ClockChange, ClockError, Entry, Export, Genesis, Journal, Meters, Record, Recorded, SeedDocument,
    Summary, World, WorldError, WorldName, WorldRng, Worlds,
    store::{Size, StoreError},
};

use crate::{
    Acting, LINK_TTL, LinkSession, OutboxMessage, People, PersonView, Problem,
    people::{NewSession, link_is_over},
};

/// A world of either server.
#[async_trait]
pub trait AnyWorld: Send + Sync {
    /// Name in addresses and cookies.
    fn name(&self) -> &WorldName;
    /// Now, by the world's clock.
    fn now(&self) -> DateTime<Utc>;
    /// How the clock runs.
    fn clock(&self) -> Clock;
    /// Number of its events.
    fn seq(&self) -> u64;
    /// How it began.
    fn genesis(&self) -> &Genesis;
    /// Its journal of requests.
    fn journal(&self) -> &Journal;
    /// As [`World::keep_request`], without the type of the state.
    fn keep_request(&self, entry: Entry);
    /// As [`World::refresh_journal`], without the type of the state.
    async fn refresh_journal(&self) -> Result<(), StoreError>;
    /// As [`World::request`], without the type of the state.
    async fn request(&self, id: u64) -> Result<Option<Entry>, StoreError>;
    /// As [`World::is_dropped`], without the type of the state.
    fn is_dropped(&self) -> bool;
    /// As [`World::change_clock`], without the type of the state.
    async fn change_clock(&self, change: &ClockChange) -> Result<DateTime<Utc>, ActError<ClockError>>;
    /// As [`World::timeline`], without the type of the state.
    async fn timeline(&self, after: u64, limit: usize) -> Result<Vec<Record>, StoreError>;
    /// As [`World::recorded`], without the type of the state.
    fn recorded(&self, seq: u64) -> Option<Recorded>;
    /// As [`World::wall_now`], without the type of the state.
    fn wall_now(&self) -> DateTime<Utc>;
    /// As [`World::next_due`], without the type of the state.
    fn next_due(&self) -> Option<DateTime<Utc>>;
    /// As [`World::tell`], without the type of the state.
    fn tell(&self, record: &Record) -> String;
    /// As [`World::subscribe`], without the type of the state.
    fn subscribe(&self) -> watch::Receiver<u64>;
    /// Name of the cookie that holds a session of the pages.
    fn session_cookie(&self) -> &'static str;
    /// As [`People::people`], now.
    async fn people(&self) -> Result<Vec<PersonView>, StoreError>;
    /// Opens a session of a person without a password.
    ///
    /// # Errors
    /// 404 for a key that is nobody's.
    async fn open_session(&self, key: &str) -> Result<NewSession, Problem>;
    /// As [`People::acting`], now.
    async fn acting(&self, session: &str) -> Result<Option<Acting>, StoreError>;
    /// Takes over the session whose link has this code.
    ///
    /// # Errors
    /// 410 for a link that works no longer, or never did.
    async fn take_over(&self, code: &str) -> Result<LinkSession, Problem>;
    /// The newest messages, to anybody or to one address, newest first; links as paths inside the world.
    async fn outbox(&self, to: Option<&str>, limit: usize) -> Result<Vec<OutboxMessage>, StoreError>;
    /// Puts the typed `Arc<World<D>>` where [`crate::InWorld`] finds it.
    fn install(self: Arc<Self>, extensions: &mut Extensions);
}

#[async_trait]
impl<D: People> AnyWorld for World<D> {
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

    fn keep_request(&self, entry: Entry) {
        self.keep_request(entry);
    }

    async fn refresh_journal(&self) -> Result<(), StoreError> {
        self.refresh_journal().await
    }

    async fn request(&self, id: u64) -> Result<Option<Entry>, StoreError> {
        self.request(id).await
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

    fn recorded(&self, seq: u64) -> Option<Recorded> {
        self.recorded(seq)
    }

    fn wall_now(&self) -> DateTime<Utc> {
        self.wall_now()
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        self.next_due()
    }

    fn tell(&self, record: &Record) -> String {
        self.tell(record)
    }

    fn subscribe(&self) -> watch::Receiver<u64> {
        self.subscribe()
    }

    fn session_cookie(&self) -> &'static str {
        D::SESSION_COOKIE
    }

    async fn people(&self) -> Result<Vec<PersonView>, StoreError> {
        self.read(D::people).await
    }

    async fn open_session(&self, key: &str) -> Result<NewSession, Problem> {
        let open = |state: &D, now, rng: &mut WorldRng| {
            let (events, session) = state.open_session(key, now, rng)?;
            Ok::<_, Problem>((events, NewSession { session, link_until: now + LINK_TTL }))
        };
        Ok(self.act(open).await?)
    }

    async fn acting(&self, session: &str) -> Result<Option<Acting>, StoreError> {
        self.read(|state, now| state.acting(session, now)).await
    }

    async fn take_over(&self, code: &str) -> Result<LinkSession, Problem> {
        Ok(self.act(|state, now, _| state.take_over(code, now).ok_or_else(link_is_over)).await?)
    }

    async fn outbox(&self, to: Option<&str>, limit: usize) -> Result<Vec<OutboxMessage>, StoreError> {
        let is_wanted = |message: &OutboxMessage| to.is_none_or(|to| message.to == to);
        self.read(|state, _| state.outbox().rev().filter(is_wanted).take(limit).collect()).await
    }

    fn install(self: Arc<Self>, extensions: &mut Extensions) {
        extensions.insert(self);
    }
}

/// The worlds of either server.
#[async_trait]
pub trait AnyWorlds: Send + Sync {
    /// As [`Worlds::server`], without the type of the state.
    fn server(&self) -> &'static str;
    /// As [`Worlds::get`], without the type of the state.
    async fn get(&self, name: &WorldName) -> Result<Arc<dyn AnyWorld>, StoreError>;
    /// As [`Worlds::create`], without the type of the state.
    async fn create(&self, name: WorldName, seed: SeedDocument) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// As [`Worlds::fork`], without the type of the state.
    async fn fork(&self, parent: &WorldName, name: WorldName) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// As [`Worlds::reset`], without the type of the state.
    async fn reset(&self, name: &WorldName) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// As [`Worlds::export`], without the type of the state.
    async fn export(&self, name: &WorldName) -> Result<Export, StoreError>;
    /// As [`Worlds::import`], without the type of the state.
    async fn import(&self, export: Export, name: Option<WorldName>) -> Result<Arc<dyn AnyWorld>, WorldError>;
    /// As [`Worlds::delete`], without the type of the state.
    async fn delete(&self, name: &WorldName) -> Result<bool, StoreError>;
    /// As [`Worlds::list`], without the type of the state.
    async fn list(&self) -> Result<Vec<Summary>, StoreError>;
    /// As [`Worlds::size_of`], without the type of the state.
    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError>;
    /// As [`Worlds::meters`], without the type of the state.
    fn meters(&self) -> &Meters;
    /// As [`Worlds::size`], without the type of the state.
    async fn size(&self) -> Result<(Size, usize), StoreError>;
    /// Whether `main` is there, and the store takes what is written.
    async fn health(&self) -> Result<(), StoreError>;
}

#[async_trait]
impl<D: People> AnyWorlds for Worlds<D> {
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

    async fn reset(&self, name: &WorldName) -> Result<Arc<dyn AnyWorld>, WorldError> {
        Ok(self.reset(name).await?)
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

    async fn size_of(&self, owner: &WorldName) -> Result<Size, StoreError> {
        self.size_of(owner).await
    }

    fn meters(&self) -> &Meters {
        self.meters()
    }

    async fn size(&self) -> Result<(Size, usize), StoreError> {
        self.size().await
    }

    async fn health(&self) -> Result<(), StoreError> {
        self.get(&WorldName::main()).await?;
        self.check().await
    }
}
