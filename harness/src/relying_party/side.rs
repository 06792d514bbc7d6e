//! The relying party's side of a run: our diary, or a foreign relying party.

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

/// Relying party at which people sign in to a diary.
#[derive(Debug)]
pub enum RelyingParty {
    /// Our diary with its control API.
    Ours(Control),
    /// Foreign relying party, as described in a file.
    Foreign(Box<Foreign>),
}

impl From<Control> for RelyingParty {
    fn from(diary: Control) -> Self {
        Self::Ours(diary)
    }
}

/// Converts the failure of an action of a foreign relying party.
fn undone(error: &ActionError) -> ControlError {
    ControlError::Undone { party: Party::Diary, reason: error.to_string() }
}

impl RelyingParty {
    /// Returns the foreign relying party, or `None` if the side is our diary.
    pub fn foreign(&self) -> Option<&Foreign> {
        match self {
            Self::Ours(_) => None,
            Self::Foreign(foreign) => Some(foreign),
        }
    }

    /// Returns the control API of our diary, or `None` if the side is foreign.
    pub fn ours(&self) -> Option<&Control> {
        match self {
            Self::Ours(diary) => Some(diary),
            Self::Foreign(_) => None,
        }
    }

    /// Returns the base URL of a world, ending with a slash.
    ///
    /// # Errors
    /// Fails if the name cannot be part of a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(diary) => diary.world(name),
            Self::Foreign(foreign) => foreign.client.home(name).map_err(|error| undone(&ActionError::of(error))),
        }
    }

    /// Returns the URL of a path in a world.
    ///
    /// # Errors
    /// Fails if the result is not a valid URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(diary) => diary.address(world, path),
            Self::Foreign(foreign) => foreign.client.at(world, path).map_err(|error| undone(&ActionError::of(error))),
        }
    }

    /// Creates a world that already exists at the provider. A foreign relying party gets its register and, if the clock
    /// is frozen, the time.
    ///
    /// # Errors
    /// Fails if the seed is refused, or if the register or the clock cannot be set.
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
    /// Fails if the server or the action `reset` fails.
    pub async fn delete(&self, name: &str) -> Result<(), ControlError> {
        match self {
            Self::Ours(diary) => diary.delete(name).await,
            Self::Foreign(foreign) => foreign.reset(name).await.map_err(|error| undone(&error)),
        }
    }

    /// Changes a world's clock after the provider's clock was changed in the same way.
    ///
    /// # Errors
    /// Fails if the change is refused.
    pub async fn clock(&self, provider: &ProviderSide, world: &str, order: &Value) -> Result<(), ControlError> {
        let foreign = match self {
            Self::Ours(diary) => return diary.clock(world, order).await,
            Self::Foreign(foreign) => foreign,
        };
        let (base, time) = (provider.world(world)?, provider.time(world).await?);
        let at = Situation { world, provider: &base, time: &time };
        foreign.tell_time(&at).await.map_err(|error| undone(&error))
    }

    /// Corrects a value of a foreign register; does nothing at our diary.
    ///
    /// # Errors
    /// Fails if the action `correct` fails.
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

    /// Returns letters and messages to an address, newest first; empty for a foreign relying party.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        match self {
            Self::Ours(diary) => diary.outbox(world, to).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Returns the events of a world after a sequence number; empty for a foreign relying party.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn timeline(&self, world: &str, after: u64) -> Result<Vec<Line>, ControlError> {
        match self {
            Self::Ours(diary) => diary.timeline(world, after).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Returns the last requests to a world, newest first; empty for a foreign relying party.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn requests(&self, world: &str) -> Result<Vec<JournalEntry>, ControlError> {
        match self {
            Self::Ours(diary) => diary.requests(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Returns the whole journal of a world, newest first; empty for a foreign relying party.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn journal(&self, world: &str) -> Result<Vec<Entry>, ControlError> {
        match self {
            Self::Ours(diary) => diary.journal(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Checks the health of our diary, or whether a foreign relying party answers at its address.
    ///
    /// # Errors
    /// Fails if nothing answers.
    pub async fn health(&self) -> Result<(), ControlError> {
        let foreign = match self {
            Self::Ours(diary) => return diary.health().await,
            Self::Foreign(foreign) => foreign,
        };
        let url = self.world(foreign.shared_world().unwrap_or("health"))?;
        crate::net::answers(&url).await.map_err(|reason| ControlError::Silent { party: Party::Diary, reason })
    }
}
