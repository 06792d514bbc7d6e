//! The provider's side of a run: ours, or a foreign one.

use serde_json::Value;
use url::Url;
use worlds::{Entry, SystemWall, WallClock as _};

use super::foreign::ForeignProvider;
use crate::{
    control::{Control, ControlError, JournalEntry, Letter, Line, Party, Person, Time},
    language::tr,
    net,
};

/// The side where people sign in.
#[derive(Debug)]
pub enum ProviderSide {
    /// Our Gosuslugi, with its control API.
    Ours(Control),
    /// A provider of somebody else, as a file describes it.
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
    /// The foreign one, if it is one.
    pub fn foreign(&self) -> Option<&ForeignProvider> {
        match self {
            Self::Ours(_) => None,
            Self::Foreign(foreign) => Some(foreign),
        }
    }

    /// Our provider's control API, if it is ours.
    pub fn ours(&self) -> Option<&Control> {
        match self {
            Self::Ours(idp) => Some(idp),
            Self::Foreign(_) => None,
        }
    }

    /// The control API.
    ///
    /// # Errors
    /// Where the provider is foreign: it has none.
    pub fn control(&self) -> Result<&Control, ControlError> {
        self.ours().ok_or_else(|| ControlError::Undone {
            party: Party::Idp,
            reason: tr!("у чужого поставщика нет управляющего API", "a foreign provider has no control API"),
        })
    }

    /// The base URL of a world, ending with a slash: a foreign provider has one for all.
    ///
    /// # Errors
    /// When the name cannot stand in a URL.
    pub fn world(&self, name: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(idp) => idp.world(name),
            Self::Foreign(foreign) => Ok(foreign.description.home()),
        }
    }

    /// An address in a world.
    ///
    /// # Errors
    /// When it cannot stand in a URL.
    pub fn address(&self, world: &str, path: &str) -> Result<Url, ControlError> {
        match self {
            Self::Ours(idp) => idp.address(world, path),
            Self::Foreign(foreign) => foreign.at(path).map_err(no_address),
        }
    }

    /// Makes a world; a foreign provider is as it is.
    ///
    /// # Errors
    /// A seed that it refuses.
    pub async fn create(&self, name: &str, seed: &Value) -> Result<(), ControlError> {
        match self {
            Self::Ours(idp) => idp.create(name, seed).await,
            Self::Foreign(_) => Ok(()),
        }
    }

    /// Drops a world; a foreign provider stays as it is.
    ///
    /// # Errors
    /// When it does not.
    pub async fn delete(&self, name: &str) -> Result<(), ControlError> {
        match self {
            Self::Ours(idp) => idp.delete(name).await,
            Self::Foreign(_) => Ok(()),
        }
    }

    /// Changes a world's clock.
    ///
    /// # Errors
    /// A change that it refuses, and any at a foreign provider.
    pub async fn clock(&self, world: &str, order: &Value) -> Result<(), ControlError> {
        self.control()?.clock(world, order).await
    }

    /// The time of a world; of a foreign provider the machine's.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn time(&self, world: &str) -> Result<Time, ControlError> {
        match self {
            Self::Ours(idp) => idp.time(world).await,
            Self::Foreign(_) => Ok(Time::running(SystemWall.now())),
        }
    }

    /// The people of a world.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn people(&self, world: &str) -> Result<Vec<Person>, ControlError> {
        match self {
            Self::Ours(idp) => idp.people(world).await,
            Self::Foreign(foreign) => Ok(foreign.people()),
        }
    }

    /// Letters and messages to an address, newest first; a foreign provider shows none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn outbox(&self, world: &str, to: &str) -> Result<Vec<Letter>, ControlError> {
        match self {
            Self::Ours(idp) => idp.outbox(world, to).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Events of a world after a sequence number; a foreign provider tells none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn timeline(&self, world: &str, after: u64) -> Result<Vec<Line>, ControlError> {
        match self {
            Self::Ours(idp) => idp.timeline(world, after).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// The last requests to a world, newest first; a foreign provider tells none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn requests(&self, world: &str) -> Result<Vec<JournalEntry>, ControlError> {
        match self {
            Self::Ours(idp) => idp.requests(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// The whole journal of a world, newest first; a foreign provider shows none.
    ///
    /// # Errors
    /// When the server does not tell.
    pub async fn journal(&self, world: &str) -> Result<Vec<Entry>, ControlError> {
        match self {
            Self::Ours(idp) => idp.journal(world).await,
            Self::Foreign(_) => Ok(Vec::new()),
        }
    }

    /// Whether it is there and well; of a foreign one, whether anybody answers at its address.
    ///
    /// # Errors
    /// When nobody answers.
    pub async fn health(&self) -> Result<(), ControlError> {
        match self {
            Self::Ours(idp) => idp.health().await,
            Self::Foreign(foreign) => net::answers(&foreign.description.home())
                .await
                .map_err(|reason| ControlError::Silent { party: Party::Idp, reason }),
        }
    }
}
