//! Who asks: the session of a request.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use web::{Checks, Cookies, Frame, InWorld, LINK_TTL, Problem, SetCookie, Wants, WorldUrl, bearer, see_other};
use worlds::{World, WorldRng};

use super::{Refusal, handlers::REFUSAL_COOKIE, kept::Standing};
use crate::{
    app::App,
    register::Who,
    state::{Diary, DiaryEvent, SESSIONS, Session, Stranger, Way, session_owner},
};

/// Cookie of a session.
pub(crate) const SESSION_COOKIE: &str = "session";
/// A session's life by the world's clock, hours: as long as one at ЕСИА (ESIA §3.10).
const SESSION_H: i64 = 3;

/// Whoever is signed in: by the cookie, or by `Authorization: Bearer` with the session of the control door. Pages send a
/// stranger to `/login`; `/api` answers 401.
pub(crate) struct Visitor {
    pub(crate) world: Arc<World<Diary>>,
    pub(crate) world_url: WorldUrl,
    pub(crate) session: String,
    pub(crate) who: Who,
    pub(crate) oid: Option<Oid>,
    /// Somebody whom the register does not know.
    pub(crate) stranger: Option<Arc<Stranger>>,
}

impl Visitor {
    /// The frame of a page with the visitor's name.
    pub(crate) fn frame(&self, frame: Frame) -> Frame {
        frame.signed_in(self.who.name.clone())
    }
}

/// A session, and when it began.
struct Known {
    session: Session,
    began_at: DateTime<Utc>,
}

impl Diary {
    fn known(&self, now: DateTime<Utc>, session: &str) -> Option<Known> {
        let began_at = self.sessions.ends_at(session)? - TimeDelta::hours(SESSION_H);
        self.visitor(now, session).map(|session| Known { session, began_at })
    }

    /// The session of a name. A stranger whom the register has come to know meanwhile is one no longer.
    fn visitor(&self, now: DateTime<Utc>, session: &str) -> Option<Session> {
        let kept = self.sessions.get(session, now)?.clone();
        let Some(stranger) = &kept.stranger else { return Some(kept) };
        let (verdict, _) = self.register.recognise(&stranger.person, &self.settled.profile, worlds::moscow::date(now));
        Some(match verdict {
            Ok(who) => Session { who, stranger: None, ..kept },
            Err(refusal) => {
                let person = stranger.person.clone();
                Session { stranger: Some(Arc::new(Stranger { person, refusal })), ..kept }
            }
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let InWorld { world, world_url } =
            InWorld::<Diary>::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let cookies = Cookies::from_request_parts(parts, state).await.unwrap_or_default();
        let checks = Checks::from_request_parts(parts, state).await.unwrap_or_default();
        let Ok(wants) = Wants::from_request_parts(parts, state).await;
        let is_api = wants == Wants::Json;
        if let Some(session) = bearer(&parts.headers).or_else(|| cookies.get(&world_url, SESSION_COOKIE)) {
            let known = world.read(|diary, now| diary.known(now, session)).await;
            if let Some(known) = known.map_err(|error| Problem::from(error).into_response())? {
                let app = parts.extensions.get::<App>().ok_or_else(no_app)?;
                let began_at = known.began_at;
                let known = known.session;
                let through_gosuslugi = known.oid.is_some().then_some(began_at);
                let standing = app.standing((&world, &world_url), (session, through_gosuslugi), &checks).await;
                let refusal = match standing.map_err(IntoResponse::into_response)? {
                    Standing::Agreed => {
                        let Session { who, oid, stranger, .. } = known;
                        return Ok(Self { session: session.to_owned(), world, world_url, who, oid, stranger });
                    }
                    Standing::Revoked => Refusal::ConsentRevoked,
                    Standing::Over => Refusal::SessionOver,
                    Standing::Lost => Refusal::SessionLost,
                };
                return Err(end(&world, &world_url, (session, &known.who.name, refusal), is_api).await);
            }
            return Err(not_signed_in(&world_url, (is_api, true)));
        }
        Err(not_signed_in(&world_url, (is_api, false)))
    }
}

/// `had_session`: there was one, and its term is over or it was ended elsewhere.
fn not_signed_in(world_url: &WorldUrl, (is_api, had_session): (bool, bool)) -> Response {
    if is_api {
        let problem = Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Вы не вошли в дневник").or("Войдите");
        return problem.into_response();
    }
    if had_session {
        return (SetCookie::remove(world_url, SESSION_COOKIE), see_other(world_url, "/login?ended=1")).into_response();
    }
    see_other(world_url, "/login")
}

fn no_app() -> Response {
    Problem::internal("a session was looked up outside of the diary's routes").into_response()
}

/// Whether signing in again is all that it takes.
fn is_over(refusal: &Refusal) -> bool {
    matches!(refusal, Refusal::SessionOver | Refusal::SessionLost)
}

/// Ends a session that Gosuslugi no longer stand behind, and says why.
async fn end(
    world: &World<Diary>,
    world_url: &WorldUrl,
    (session, name, refusal): (&str, &str, Refusal),
    is_api: bool,
) -> Response {
    let ended = world
        .act::<_, Problem>(|diary, now, rng| {
            let (id, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(SESSION_H));
            let (session, name, kept) = (session.to_owned(), name.to_owned(), id.clone());
            let event = if is_over(&refusal) {
                let is_lost = refusal == Refusal::SessionLost;
                DiaryEvent::SessionOver { session, name, id, expires_at, is_lost }
            } else {
                DiaryEvent::ConsentEnded { session, name, id, expires_at }
            };
            Ok((vec![event], (kept, refusal.words(&diary.settled.profile))))
        })
        .await;
    let (id, words) = match ended {
        Ok(ended) => ended,
        Err(error) => return Problem::from(error).into_response(),
    };
    if is_api {
        let status = if is_over(&refusal) { StatusCode::UNAUTHORIZED } else { StatusCode::FORBIDDEN };
        return Problem::new(status, words.code, words.text).or(words.next_step).into_response();
    }
    let cookies = (SetCookie::new(world_url, REFUSAL_COOKIE, &id), SetCookie::remove(world_url, SESSION_COOKIE));
    (cookies, see_other(world_url, "/refusal")).into_response()
}

/// Somebody to be let in.
pub(crate) struct Arrival {
    pub(crate) who: Who,
    pub(crate) oid: Option<Oid>,
    /// Their session at Gosuslugi.
    pub(crate) sid: Option<String>,
    pub(crate) way: Way,
    pub(crate) stranger: Option<Arc<Stranger>>,
}

impl Arrival {
    /// Somebody of the register.
    pub(crate) fn of(who: Who, way: Way) -> Self {
        Self { who, oid: None, sid: None, way, stranger: None }
    }

    /// The session, and the event that keeps it. Random values come from the world.
    pub(crate) fn admit(self, diary: &Diary, now: DateTime<Utc>, rng: &mut WorldRng) -> (String, DiaryEvent) {
        let Self { who, oid, sid, way, stranger } = self;
        diary.sessions.note_displaced("session", &session_owner(&who, oid), SESSIONS, now);
        let (session, expires_at) = (rng.hex::<16>(), now + TimeDelta::hours(SESSION_H));
        let link_until = (way == Way::Control).then(|| now + LINK_TTL);
        (session.clone(), DiaryEvent::SignedIn { who, oid, sid, way, session, expires_at, stranger, link_until })
    }
}
