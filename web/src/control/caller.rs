//! Who asks the control API, and what they may do.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use esia::language::tr;
use worlds::{SeedDocument, WorldName};

use crate::{Problem, Rights, Team};

/// Who asks the control API.
#[derive(Debug, Clone)]
pub(crate) enum Caller {
    /// Whoever runs the stand.
    Operator,
    /// A team that shares the stand.
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
                tr!(
                    "Здесь видно миры всех команд, а команда «{}» видит только свои",
                    "Worlds of all teams are seen here, and team «{}» sees only its own",
                    team.name
                ),
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
    /// 403 for a name of others, or more people than the team may have. How many worlds it may have, and how large, is known
    /// where they are kept: [`worlds::Quota`].
    pub(crate) fn may_make(&self, name: &WorldName, seed: &SeedDocument) -> Result<(), Problem> {
        let Some(team) = self.team() else { return Ok(()) };
        match team.may {
            Rights::All => {}
            Rights::Read => return Err(read_only(team)),
            Rights::Own if team.owns(name) => {}
            Rights::Own => return Err(foreign(team, name)),
        }
        let people = people_of(seed);
        match team.people {
            Some(most) if people > most => Err(Problem::team_limit(tr!(
                "Людей в мире команды «{}» может быть до {most}, а здесь {people}",
                "A world of team «{}» may have up to {most} people, and here are {people}",
                team.name
            ))),
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

fn foreign(team: &Team, world: &WorldName) -> Problem {
    let message = tr!(
        "Мир «{world}» не принадлежит команде «{0}»: её миры называются {0}-…",
        "World «{world}» is not of team «{0}»: its worlds are called {0}-…",
        team.name
    );
    Problem::new(StatusCode::FORBIDDEN, "not-your-world", message).of("name")
}

fn read_only(team: &Team) -> Problem {
    let message = tr!("Команда «{}» может только смотреть", "Team «{}» may only look", team.name);
    Problem::new(StatusCode::FORBIDDEN, "read-only", message)
}
