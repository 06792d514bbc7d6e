//! The relying party's side of a run: our diary, or a foreign one.

use serde_json::Value;
use url::Url;
use worlds::Entry;

use super::{
    action::ActionError,
    foreign::{Correction, Foreign, Situation},
};
use crate::{
    control::{Control, ControlError, JournalEntry, Letter, Line, Party},
    provider::ProviderSide,
};

/// The side on which people sign in to their diary.
#[derive(Debug)]
pub enum RelyingParty {
    /// Our diary, with its control API.
    Ours(Control),
    /// A diary of somebody else, as a file describes it.
    Foreign(Box<Foreign>),
}

impl From<Control> for RelyingParty {
    fn from(diary: Control) -> Self {
        Self::Ours(diary)
    }
}

/// An action that a foreign side did not do.
fn undone(error: &ActionError) -> ControlError {
    ControlError::Undone { party: Party::Diary, reason: error.to_string() }
}

impl RelyingParty {
    /// The foreign one, if it is one.
    pub fn foreign(&self) -> Option<&Foreign> {
        match self {
            Self::Ours(_) => None,
            Self::Foreign(foreign) => Some(foreign),
        }
    }

    /// Our diary's control API, if it is ours.
    pub fn ours(&self) -> Option<&Control> {
        match self {
            Self::Ours(diary) => Some(diary),
            Self::Foreign(_) => None,
        }
    }

    /// The base URL of a world, ending with a slash.
    ///
    /// # Errors
    /// When the name cannot stand in a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(diary) => diary.world(name),
            Self::Foreign(foreign) => foreign.client.home(name).map_err(|error| undone(&ActionError::of(error))),
        }
    }

    /// An address in a world.
    ///
    /// # Errors
    /// When it cannot stand in a URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(diary) => diary.address(world, path),
            Self::Foreign(foreign) => foreign.client.at(world, path).map_err(|error| undone(&ActionError::of(error))),
        }
    }

    /// Makes a world whose provider has made it already.
    ///
    /// # Errors
    /// A seed that it refuses; a register that is not prepared.
    pub async fn create(&self, provider: &ProviderSide, name: &str, seed: &Value) -> Result<(), ControlError> {
        let foreign = match self {
            Self::Ours(diary) => return diary.create(name, seed).await,
            Self::Foreign(foreign) => foreign,
        };
        let (base, time) = (provider.world(name)?, provider.time(name).await?);
        let at = Situation { world: name, provider: &base, time: &time };
        foreign.prepare(&at, seed).await.map_err(|error| undone(&error))?;
        if time.stands() { foreign.tell_time(&at).await.map_err(|error| undone(&error)) } else { Ok(()) }
    }

    /// Drops a world.
    ///
    /// # Errors
    /// When it does not.
    pub async fn delete(&self, name: &str) -> Result<(), ControlError> {
        match self {
            Self::Ours(diary) => diary.delete(name).await,
            Self::Foreign(foreign) => foreign.reset(name).await.map_err(|error| undone(&error)),
        }
    }

    /// Changes a world's clock as the provider's was changed just now.
    ///
    /// # Errors
    /// A change that it refuses.
    pub async fn clock(&self, provider: &ProviderSide, world: &str, order: &Value) -> Result<(), ControlError> {
        let foreign = match self {
            Self::Ours(diary) => return diary.clock(world, order).await,
            Self::Foreign(foreign) => foreign,
        };
        let (base, time) = (provider.world(world)?, provider.time(world).await?);
        let at = Situation { world, provider: &base, time: &time };
        foreign.tell_time(&at).await.map_err(|error| undone(&error))
    }

    /// Corrects a value of a foreign register.
    ///
    /// # Errors
    /// A correction that is not made.
    pub async fn correct(
        &self,
        provider: &ProviderSide,
        world: &str,
        what: Correction<'_>,
    ) -> Result<(), ControlError> {
        let Self::Foreign(foreign) = self else { return Ok(()) };
        let (base, time) = (provider.world(world)?, provider.time(world).await?);
        let at = Situation { world, provider: &base, time: &time };
        foreign.correct(&at, what).await.map_err(|error| undone(&error))
    }

    /// Letters and messages to an address, newest first; a foreign side shows none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        match self {
            Self::Ours(diary) => diary.outbox(world, to).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Events of a world after a sequence number; a foreign side tells none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn timeline(&self, world: &str, after: u64) -> Result<Vec<Line>, ControlError> {
        match self {
            Self::Ours(diary) => diary.timeline(world, after).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// The last requests to a world, newest first; a foreign side tells none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn requests(&self, world: &str) -> Result<Vec<JournalEntry>, ControlError> {
        match self {
            Self::Ours(diary) => diary.requests(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// The whole journal of a world, newest first; a foreign side keeps none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn journal(&self, world: &str) -> Result<Vec<Entry>, ControlError> {
        match self {
            Self::Ours(diary) => diary.journal(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Whether it is there and well; of a foreign side, whether anybody answers at its address.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn health(&self) -> Result<(), ControlError> {
        let foreign = match self {
            Self::Ours(diary) => return diary.health().await,
            Self::Foreign(foreign) => foreign,
        };
        let url = self.world(foreign.shared_world().unwrap_or("health"))?;
        crate::net::answers(&url).await.map_err(|reason| ControlError::Silent { party: Party::Diary, reason })
    }
}
