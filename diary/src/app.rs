//! The server: what it is made from.

use std::{ops::Deref, pin::Pin, sync::Arc};

use axum::Router;
use url::Url;
use web::{Addresses, AnyWorlds, Front, Settings, Site};
use worlds::{Limits, SeedDocument, WallClock, WorldError, WorldName, Worlds, store::Store, store::StoreError};

use crate::{
    profile::ProfileSeed,
    routes,
    signin::{GosuslugiError, Keeper, Outward, Protocol},
    state::{Diary, Provider},
};

static SITE: Site = Site::new(
    Addresses { uploads: &["/school/import", "/api/school/import"], ..Addresses::NONE },
    "diary",
    "Электронный дневник",
    "МОК · не настоящий электронный дневник",
    include_str!("../assets/diary.css"),
);

/// What the diary is told beside the settings of any server.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Base URL of the provider's server: the world `main` uses it, world `w` uses `/w/w` under it. A world's own seed has
    /// the last word.
    pub provider: Option<Url>,
    /// The door of worlds whose seed names none.
    pub protocol: Protocol,
    /// The profile of worlds whose seed names none.
    pub profile: Option<ProfileSeed>,
    /// What `main` is made from when the store has none.
    pub seed: SeedDocument,
}

/// Why the diary does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// `main` could not be made.
    #[error("мир main: {0}")]
    World(#[from] WorldError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The HTTP client could not be made.
    #[error("HTTP: {0}")]
    Http(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// What handlers share.
#[derive(Clone)]
pub(crate) struct App(Arc<Shared>);

pub(crate) struct Shared {
    pub(crate) outward: Outward,
    pub(crate) keeper: Keeper,
    provider: Option<Url>,
    pub(crate) protocol: Protocol,
}

impl Deref for App {
    type Target = Shared;

    fn deref(&self) -> &Shared {
        &self.0
    }
}

impl Shared {
    /// Where the provider of a world is.
    ///
    /// # Errors
    /// When neither the world nor the server says.
    pub(crate) fn provider_of(&self, provider: &Provider, world: &WorldName) -> Result<Url, GosuslugiError> {
        if let Some(url) = &provider.url {
            return Ok(url.clone());
        }
        let mut url = self.provider.clone().ok_or(GosuslugiError::NoAddress)?;
        if !world.is_main() {
            let path = format!("{}/w/{world}", url.path().trim_end_matches('/'));
            url.set_path(&path);
        }
        Ok(url)
    }
}

/// The diary's server over a store, ready for [`web::Bound`]. Makes the world `main` from the options' seed when the store
/// has none.
///
/// Boxed, so that a program that starts the server compiles none of it again.
///
/// # Errors
/// As [`StartError`] says.
pub fn server(
    settings: Settings,
    store: Arc<dyn Store>,
    wall: Arc<dyn WallClock>,
    options: Options,
) -> Pin<Box<dyn Future<Output = Result<Router, StartError>> + Send>> {
    Box::pin(put_together(settings, store, wall, options))
}

async fn put_together(
    settings: Settings,
    store: Arc<dyn Store>,
    wall: Arc<dyn WallClock>,
    options: Options,
) -> Result<Router, StartError> {
    let Options { provider, protocol, profile, seed } = options;
    let worlds = Worlds::<Diary>::new("diary", store, wall, Limits::default());
    let worlds = match profile {
        Some(profile) => worlds.preparing(move |seed| profile.complete(seed)),
        None => worlds,
    };
    let worlds = Arc::new(worlds);
    match worlds.get(&WorldName::main()).await {
        Ok(_) => {}
        Err(StoreError::Gone(_)) => {
            worlds.create(WorldName::main(), seed).await?;
        }
        Err(error) => return Err(error.into()),
    }
    let outward = Outward::new().map_err(StartError::Http)?;
    let app = App(Arc::new(Shared { outward, keeper: Keeper::default(), provider, protocol }));
    let worlds: Arc<dyn AnyWorlds> = worlds;
    Ok(Front::new(&SITE, settings, worlds, routes::pages(app.clone()), routes::api(app)).into_router())
}
