//! Teams that share a stand: each has a control token of its own, and the worlds whose names begin with its name.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::{Quota, WorldName};

use crate::ControlToken;

/// What a team may do at the control API.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema, ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Rights {
    /// Make and change worlds of its own; read these and `main`.
    #[default]
    Own,
    /// Make, change and read all worlds.
    All,
    /// Read all worlds.
    Read,
}

/// A team that shares a stand.
#[derive(Debug, Clone)]
pub struct Team {
    /// Its name. Its worlds are called so, with a hyphen and more after it.
    pub name: WorldName,
    /// Opens the control API to it.
    pub token: ControlToken,
    /// What it may do.
    pub may: Rights,
    /// How many worlds it may have at once; as many as the server keeps when `None`.
    pub worlds: Option<usize>,
    /// How many people a world that it makes may have at Gosuslugi; any number when `None`.
    pub people: Option<usize>,
    /// How many bytes its worlds may take in the store before it may make another one; any number when `None`.
    pub bytes: Option<u64>,
    /// How many requests the journal of each of its worlds keeps; as many as any other when `None`.
    pub requests: Option<usize>,
}

/// The teams of a stand.
#[derive(Debug, Clone, Default)]
pub struct Teams(Arc<[Arc<Team>]>);

/// Why teams cannot share a stand.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TeamsError {
    /// It belongs to nobody.
    #[error("«main» belongs to no team")]
    Main,
    /// Worlds of one team would be the other's too.
    #[error("worlds of the team «{0}» would belong to the team «{1}» too")]
    Overlap(WorldName, WorldName),
    /// A token opens to one team alone.
    #[error("the teams «{0}» and «{1}» have the same token")]
    SameToken(WorldName, WorldName),
}

impl Teams {
    /// Teams whose worlds and tokens differ.
    ///
    /// # Errors
    /// As [`TeamsError`] says.
    pub fn new(teams: Vec<Team>) -> Result<Self, TeamsError> {
        for (index, team) in teams.iter().enumerate() {
            if team.name.is_main() {
                return Err(TeamsError::Main);
            }
            for (at, other) in teams.iter().enumerate().filter(|(at, _)| *at != index) {
                if team.name == other.name && at > index || other.owns(&team.name) {
                    return Err(TeamsError::Overlap(team.name.clone(), other.name.clone()));
                }
                if at > index && team.token.is(Some(other.token.as_str())) {
                    return Err(TeamsError::SameToken(team.name.clone(), other.name.clone()));
                }
            }
        }
        Ok(Self(teams.into_iter().map(Arc::new).collect()))
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What each may keep.
    pub fn quotas(&self) -> Vec<Quota> {
        let quota = |team: &Arc<Team>| {
            let Team { name, worlds, bytes, requests, .. } = &**team;
            Quota { owner: name.clone(), worlds: *worlds, bytes: *bytes, requests: *requests }
        };
        self.0.iter().map(quota).collect()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Team>> {
        self.0.iter()
    }
}

impl Team {
    /// Whether a world is the team's.
    pub(crate) fn owns(&self, world: &WorldName) -> bool {
        world.belongs_to(&self.name)
    }
}
