//! Teams that share a stand: each has a control token of its own, and the worlds whose names begin with its name.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use worlds::{SeedDocument, WorldName, store::StoreError};

use crate::{AnyWorlds, ControlToken, Problem};

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

/// A team.
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
    fn owns(&self, world: &WorldName) -> bool {
        world.as_str().strip_prefix(self.name.as_str()).is_some_and(|rest| rest.starts_with('-'))
    }

    /// How many worlds it has, counted up to `most`.
    pub(crate) async fn count(&self, worlds: &dyn AnyWorlds, most: usize) -> Result<usize, StoreError> {
        // In order of names, theirs follow their own.
        let page = worlds.page(&self.name, most).await?;
        Ok(page.iter().take_while(|name| self.owns(name)).count())
    }
}

/// Who asks the control API.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// Whoever runs the stand.
    Operator,
    /// A team.
    Team(Arc<Team>),
}

impl Caller {
    /// The team, if it is one.
    pub(crate) fn team(&self) -> Option<&Team> {
        match self {
            Self::Operator => None,
            Self::Team(team) => Some(team),
        }
    }

    /// Whether it may see a world.
    pub(crate) fn sees(&self, world: &WorldName) -> bool {
        self.team().is_none_or(|team| team.may != Rights::Own || team.owns(world) || world.is_main())
    }

    /// # Errors
    /// 403 for a team that may not see all worlds.
    pub(crate) fn sees_all(&self) -> Result<(), Problem> {
        match self.team() {
            Some(team) if team.may == Rights::Own => Err(Problem::new(
                StatusCode::FORBIDDEN,
                "not-your-world",
                format!("Здесь видно миры всех команд, а команда «{}» видит только свои", team.name),
            )),
            _ => Ok(()),
        }
    }

    /// # Errors
    /// 403 for a request about a world that the team may not make.
    pub(crate) fn check(&self, method: &Method, world: &WorldName) -> Result<(), Problem> {
        let Some(team) = self.team() else { return Ok(()) };
        if method.is_safe() {
            return if self.sees(world) { Ok(()) } else { Err(foreign(team, world)) };
        }
        match team.may {
            Rights::All => Ok(()),
            Rights::Read => Err(read_only(team)),
            Rights::Own if team.owns(world) => Ok(()),
            Rights::Own => Err(foreign(team, world)),
        }
    }

    /// Whether it may make a world of a name from a seed.
    ///
    /// # Errors
    /// 403 for a name of others, more worlds or more people than the team may have.
    pub(crate) async fn may_make(
        &self,
        worlds: &dyn AnyWorlds,
        name: &WorldName,
        seed: &SeedDocument,
    ) -> Result<(), Problem> {
        let Some(team) = self.team() else { return Ok(()) };
        match team.may {
            Rights::All => {}
            Rights::Read => return Err(read_only(team)),
            Rights::Own if team.owns(name) => {}
            Rights::Own => return Err(foreign(team, name)),
        }
        if let Some(most) = team.worlds
            && team.count(worlds, most).await? >= most
        {
            return Err(over(format!("У команды «{}» уже миров: {most}. Больше ей нельзя", team.name))
                .or("Удалите ненужные: DELETE /control/worlds/{name}"));
        }
        let people = people_of(seed);
        match team.people {
            Some(most) if people > most => {
                Err(over(format!("Людей в мире команды «{}» может быть до {most}, а здесь {people}", team.name)))
            }
            _ => Ok(()),
        }
    }
}

/// How many people a seed makes at Gosuslugi.
fn people_of(seed: &SeedDocument) -> usize {
    let Some(people) = seed.gosuslugi.get("people").and_then(serde_json::Value::as_object) else { return 0 };
    let generated = people.get("generate").and_then(serde_json::Value::as_u64);
    let described = people.len() - usize::from(generated.is_some());
    described + generated.and_then(|count| usize::try_from(count).ok()).unwrap_or_default()
}

fn over(message: String) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "team-limit", message)
}

fn foreign(team: &Team, world: &WorldName) -> Problem {
    let message = format!("Мир «{world}» не принадлежит команде «{0}»: её миры называются {0}-…", team.name);
    Problem::new(StatusCode::FORBIDDEN, "not-your-world", message).of("name")
}

fn read_only(team: &Team) -> Problem {
    let message = format!("Команда «{}» может только смотреть", team.name);
    Problem::new(StatusCode::FORBIDDEN, "read-only", message)
}
