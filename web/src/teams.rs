//! Teams that share a stand: each has a control token of its own, and the worlds whose names begin with its name.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::WorldName;

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

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Team>> {
        self.0.iter()
    }
}

impl Team {
    /// Whether a world is the team's.
    pub(crate) fn owns(&self, world: &WorldName) -> bool {
        world.as_str().strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with('-'))
    }
}
