//! Who asks the control API, and what they may do.

use std::sync::Arc;

use axum::http::{Method, StatusCode};
use esia::language::{pick, tr};
use worlds::{SeedDocument, WorldName, store::StoreError};

use crate::{AnyWorlds, Problem, Rights, Team};

/// How many worlds a team has, counted up to `most`.
///
/// # Errors
/// The store's.
pub(super) async fn count(team: &Team, worlds: &dyn AnyWorlds, most: usize) -> Result<usize, StoreError> {
    // In order of names, theirs follow their own.
    let page = worlds.page(&team.name, most).await?;
    Ok(page.iter().take_while(|name| team.owns(name)).count())
}

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
            && count(team, worlds, most).await? >= most
        {
            return Err(over(tr!(
                "У команды «{}» уже миров: {most}. Больше ей нельзя",
                "Team «{}» has as many worlds as it may: {most}",
                team.name
            ))
            .or(pick(
                "Удалите ненужные: DELETE /control/worlds/{name}",
                "Delete those that nobody needs: DELETE /control/worlds/{name}",
            )));
        }
        let people = people_of(seed);
        match team.people {
            Some(most) if people > most => Err(over(tr!(
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

fn over(message: String) -> Problem {
    Problem::new(StatusCode::FORBIDDEN, "team-limit", message)
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
