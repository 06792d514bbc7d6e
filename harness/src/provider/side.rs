//! The provider's side of a run: our Gosuslugi, or a foreign provider.

use serde_json::Value;
use url::Url;
use worlds::{Entry, SystemWall, WallClock as _};

use super::foreign::ForeignProvider;
use crate::{
    control::{Control, ControlError, JournalEntry, Letter, Line, Party, Person, Time},
    language::tr,
    net,
};

/// Provider at which people sign in.
#[derive(Debug)]
pub enum ProviderSide {
    /// Our Gosuslugi with its control API.
    Ours(Control),
    /// Foreign provider, as described in a file.
    Foreign(Box<ForeignProvider>),
}

impl From<Control> for ProviderSide {
    fn from(idp: Control) -> Self {
        Self::Ours(idp)
    }
}

fn no_address(error: url::ParseError) -> ControlError {
    ControlError::Undone { party: Party::Idp, reason: error.to_string() }
}

impl ProviderSide {
    /// Returns the foreign provider, or `None` if the side is our Gosuslugi.
    pub fn foreign(&self) -> Option<&ForeignProvider> {
        match self {
            Self::Ours(_) => None,
            Self::Foreign(foreign) => Some(foreign),
        }
    }

    /// Returns the control API of our Gosuslugi, or `None` if the side is foreign.
    pub fn ours(&self) -> Option<&Control> {
        match self {
            Self::Ours(idp) => Some(idp),
            Self::Foreign(_) => None,
        }
    }

    /// Returns the control API of our Gosuslugi.
    ///
    /// # Errors
    /// Fails at a foreign provider, which has no control API.
    pub fn control(&self) -> Result<&Control, ControlError> {
        self.ours().ok_or_else(|| ControlError::Undone {
            party: Party::Idp,
            reason: tr!("у чужого поставщика нет управляющего API", "a foreign provider has no control API"),
        })
    }

    /// Returns the base URL of a world, ending with a slash; a foreign provider has the same one for all worlds.
    ///
    /// # Errors
    /// Fails if the name cannot be part of a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(idp) => idp.world(name),
            Self::Foreign(foreign) => Ok(foreign.description.home()),
        }
    }

    /// Returns the URL of a path in a world.
    ///
    /// # Errors
    /// Fails if the result is not a valid URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(idp) => idp.address(world, path),
            Self::Foreign(foreign) => foreign.at(path).map_err(no_address),
        }
    }

    /// Creates a world; does nothing at a foreign provider.
    ///
    /// # Errors
    /// Fails if the seed is refused.
    pub async fn create(&self, name: &str, seed: &Value) -> Result<(), ControlError> {
        match self {
            Self::Ours(idp) => idp.create(name, seed).await,
            Self::Foreign(_) => Ok(()),
        }
    }

    /// Drops a world; does nothing at a foreign provider.
    ///
    /// # Errors
    /// Fails if the server does not drop it.
    pub async fn delete(&self, name: &str) -> Result<(), ControlError> {
        match self {
            Self::Ours(idp) => idp.delete(name).await,
            Self::Foreign(_) => Ok(()),
        }
    }

    /// Changes a world's clock.
    ///
    /// # Errors
    /// Fails if the change is refused, and always at a foreign provider.
    pub async fn clock(&self, world: &str, order: &Value) -> Result<(), ControlError> {
        self.control()?.clock(world, order).await
    }

    /// Returns the time of a world; at a foreign provider, that of the machine.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn time(&self, world: &str) -> Result<Time, ControlError> {
        match self {
            Self::Ours(idp) => idp.time(world).await,
            Self::Foreign(_) => Ok(Time::running(SystemWall.now())),
        }
    }

    /// Returns the people of a world.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn people(&self, world: &str) -> Result<Vec<Person>, ControlError> {
        match self {
            Self::Ours(idp) => idp.people(world).await,
            Self::Foreign(foreign) => Ok(foreign.people()),
        }
    }

    /// Returns letters and messages to an address, newest first; empty for a foreign provider.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        match self {
            Self::Ours(idp) => idp.outbox(world, to).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Returns the events of a world after a sequence number; empty for a foreign provider.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn timeline(&self, world: &str, after: u64) -> Result<Vec<Line>, ControlError> {
        match self {
            Self::Ours(idp) => idp.timeline(world, after).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Returns the last requests to a world, newest first; empty for a foreign provider.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn requests(&self, world: &str) -> Result<Vec<JournalEntry>, ControlError> {
        match self {
            Self::Ours(idp) => idp.requests(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Returns the whole journal of a world, newest first; empty for a foreign provider.
    ///
    /// # Errors
    /// Fails if the server does not answer.
    pub async fn journal(&self, world: &str) -> Result<Vec<Entry>, ControlError> {
        match self {
            Self::Ours(idp) => idp.journal(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Checks the health of our Gosuslugi, or whether a foreign provider answers at its address.
    ///
    /// # Errors
    /// Fails if nothing answers.
    pub async fn health(&self) -> Result<(), ControlError> {
        match self {
            Self::Ours(idp) => idp.health().await,
            Self::Foreign(foreign) => net::answers(&foreign.description.home())
                .await
                .map_err(|reason| ControlError::Silent { party: Party::Idp, reason }),
        }
    }
}
