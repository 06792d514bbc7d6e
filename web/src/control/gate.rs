//! Who may use the control API: anybody on loopback without a token, else whoever has it, and teams with tokens of their own.

use std::{
    borrow::Cow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::http::{HeaderMap, Method, StatusCode};
use esia::language::pick;
use percent_encoding::percent_decode_str;
use worlds::WorldName;

use super::{caller::Caller, tls::CA};
use crate::{
    ControlToken, Cookies, Problem, SetCookie, Settings, Site, Teams, WorldUrl,
    origin::{bearer, from_own_page},
};

/// Path of the form for the token, which is open without one.
pub(super) const ENTER: &str = "/control/console/enter";
/// This many wrong tokens are told in the log, and every tenfold again.
const MANY: u64 = 100;

/// The control API's guard.
#[derive(Debug, Clone)]
pub(crate) struct Gate {
    site: &'static Site,
    token: Option<ControlToken>,
    teams: Teams,
    wrong: Arc<AtomicU64>,
}

impl Gate {
    pub(crate) fn new(site: &'static Site, settings: &Settings) -> Self {
        let (token, teams) = (settings.control_token.clone(), settings.teams.clone());
        let of_operator = token.iter().map(|token| (None, token));
        let of_teams = teams.iter().map(|team| (Some(team.name.as_str()), &team.token));
        for (team, _) in of_operator.chain(of_teams).filter(|(_, token)| token.is_short()) {
            tracing::warn!(team, "the control token has less than 16 characters: it can be guessed");
        }
        Self { site, token, teams, wrong: Arc::default() }
    }

    /// Whom the control API is open to: no token is needed, or one has come as a bearer token, or this browser has given it
    /// before. An absent `Authorization` opens nothing whatever is configured.
    pub(crate) fn caller(&self, headers: &HeaderMap, cookies: &Cookies) -> Option<Caller> {
        let name = self.cookie_name();
        let has = |token: &ControlToken| {
            token.is(bearer(headers)) || cookies.bare(&name).any(|value| token.is_cookie(self.site.key, value))
        };
        self.whose(has)
    }

    /// Who has a token of which that holds. Without any token, everybody is whoever runs the stand.
    fn whose(&self, has: impl Fn(&ControlToken) -> bool) -> Option<Caller> {
        if self.token.as_ref().is_none_or(&has) {
            return Some(Caller::Operator);
        }
        self.teams.iter().find(|team| has(&team.token)).map(|team| Caller::Team(Arc::clone(team)))
    }

    /// Whether a request may go on to `path` of the control API.
    ///
    /// # Errors
    /// 403 for a page of another site and for a world of another team, 401 without a token.
    pub(crate) fn check(
        &self,
        caller: Option<&Caller>,
        (method, path): (&Method, &str),
        headers: &HeaderMap,
        world_url: &WorldUrl,
    ) -> Result<(), Problem> {
        if bearer(headers).is_none() {
            from_own_page(headers, world_url)?;
        }
        if path == ENTER || path == CA {
            return Ok(());
        }
        if let Some(caller) = caller {
            return match Meant::of(path) {
                // Whether such a world may be made is known where its name is.
                Meant::New => caller.check(&Method::GET, &WorldName::main()),
                Meant::Copy(world) => caller.check(&Method::GET, &world),
                Meant::World(world) => caller.check(method, &world),
                Meant::Here => caller.check(method, &world_url.world),
            };
        }
        if headers.contains_key(axum::http::header::AUTHORIZATION) {
            self.count();
        }
        Err(Self::closed())
    }

    /// 401: the token is missing.
    pub(crate) fn closed() -> Problem {
        Problem::new(
            StatusCode::UNAUTHORIZED,
            "control-token",
            pick("Служебному API нужен маркер", "The control API needs a token"),
        )
        .of("Authorization")
        .or(pick(
            "Authorization: Bearer <значение --control-token>",
            "Authorization: Bearer <value of --control-token>",
        ))
    }

    /// The cookie of a browser that has given the token.
    ///
    /// # Errors
    /// 401 for another token.
    pub(super) fn enter(&self, given: &str, world_url: &WorldUrl) -> Result<Option<SetCookie>, Problem> {
        let Some(own) = &self.token else { return Ok(None) };
        let token = match self.whose(|token| token.is(Some(given.trim()))) {
            Some(Caller::Operator) => Some(own.clone()),
            Some(Caller::Team(team)) => Some(team.token.clone()),
            None => None,
        };
        if let Some(token) = token {
            return Ok(Some(SetCookie::strict(&self.cookie_name(), &token.cookie(self.site.key), world_url)));
        }
        self.count();
        Err(Problem::new(
            StatusCode::UNAUTHORIZED,
            "control-token",
            pick("Маркер не подходит", "The token is not the right one"),
        )
        .of("token"))
    }

    fn cookie_name(&self) -> String {
        format!("{}_control", self.site.key)
    }

    /// Counts a wrong token.
    fn count(&self) {
        let wrong = self.wrong.fetch_add(1, Ordering::Relaxed) + 1;
        if is_told(wrong) {
            tracing::warn!(wrong, "many wrong control tokens: somebody may be guessing");
        }
    }
}

/// Which world a path of the control API is about.
#[derive(Debug, PartialEq, Eq)]
enum Meant {
    /// The one in which it was asked.
    Here,
    /// One that it names.
    World(WorldName),
    /// One that it names, to be copied.
    Copy(WorldName),
    /// One that is to be made.
    New,
}

impl Meant {
    fn of(path: &str) -> Self {
        let path = path.strip_prefix("/control").unwrap_or(path);
        let path = path.strip_prefix("/console").unwrap_or(path);
        let Some(rest) = path.strip_prefix("/worlds") else { return Self::Here };
        let mut parts = rest.split('/').filter(|part| !part.is_empty());
        match (parts.next(), parts.next()) {
            (None | Some("import"), _) => Self::New,
            (Some(name), of) => match (decoded(name).parse(), of) {
                (Ok(world), Some("fork" | "copy")) => Self::Copy(world),
                (Ok(world), _) => Self::World(world),
                // There is no such world.
                (Err(_), _) => Self::New,
            },
        }
    }
}

/// A part of a path as the routes read it.
fn decoded(part: &str) -> Cow<'_, str> {
    percent_decode_str(part).decode_utf8_lossy()
}

/// 100, 1,000, 10,000, …
fn is_told(mut wrong: u64) -> bool {
    while wrong > MANY && wrong.is_multiple_of(10) {
        wrong /= 10;
    }
    wrong == MANY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_the_world_that_it_is_about() {
        let world = |name: &str| name.parse::<WorldName>().unwrap();
        for (path, meant) in [
            ("/control/clock", Meant::Here),
            ("/control/worlds", Meant::New),
            ("/control/worlds/import", Meant::New),
            ("/control/worlds/a-1", Meant::World(world("a-1"))),
            ("/control/worlds//a-1", Meant::World(world("a-1"))),
            ("/control/worlds/a-1/reset", Meant::World(world("a-1"))),
            ("/control/worlds/a-1/fork", Meant::Copy(world("a-1"))),
            ("/control/console/worlds", Meant::New),
            ("/control/console/worlds/a-1/copy", Meant::Copy(world("a-1"))),
            ("/control/console/worlds/a-1/delete", Meant::World(world("a-1"))),
            ("/control/worlds/%61-1", Meant::World(world("a-1"))),
            ("/control/worlds/%2561-1", Meant::New),
        ] {
            assert_eq!(Meant::of(path), meant, "{path}");
        }
    }

    #[test]
    fn guessing_is_told_at_a_hundred_and_at_every_tenfold() {
        let told: Vec<_> = (1..=100_000).filter(|wrong| is_told(*wrong)).collect();
        assert_eq!(told, [100, 1_000, 10_000, 100_000]);
    }
}
