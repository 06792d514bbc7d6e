//! Who asks: the session of a request.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::Oid;
use web::{Cookies, Frame, InWorld, Place, Trouble, see_other};
use worlds::{World, WorldRng};

use crate::{
    register::Who,
    state::{Diary, DiaryEvent, Session, Way},
};

/// Cookie of a session.
pub(crate) const SESSION_COOKIE: &str = "session";
/// A session's life by the world's clock, hours: as long as one at ЕСИА (ESIA-PROTOCOL §3.10).
const SESSION_H: i64 = 3;

/// Whoever is signed in: by the cookie, or by `Authorization: Bearer` with the session of the control door. Pages send a
/// stranger to `/login`; `/api` answers 401.
pub(crate) struct Visitor {
    pub(crate) world: Arc<World<Diary>>,
    pub(crate) place: Place,
    pub(crate) session: String,
    pub(crate) who: Who,
    pub(crate) oid: Option<Oid>,
}

impl Visitor {
    /// The frame of a page with the visitor's name.
    pub(crate) fn frame(&self, frame: Frame) -> Frame {
        frame.signed_in(self.who.name.clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let InWorld { world, place } =
            InWorld::<Diary>::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let cookies = Cookies::from_request_parts(parts, state).await.unwrap_or_default();
        let bearer = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let bearer = bearer.and_then(|value| value.strip_prefix("Bearer "));
        if let Some(session) = bearer.or_else(|| cookies.get(&place, SESSION_COOKIE)) {
            let known = world.read(|diary, now| diary.sessions.get(now, session).cloned()).await;
            if let Some(Session { who, oid }) = known.map_err(|error| Trouble::from(error).into_response())? {
                return Ok(Self { session: session.to_owned(), world, place, who, oid });
            }
        }
        Err(if parts.uri.path().starts_with("/api/") {
            Trouble::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Вы не вошли в дневник")
                .or("Войдите")
                .into_response()
        } else {
            see_other(&place, "/login")
        })
    }
}

/// Lets somebody in: the session, and the event that keeps it. Random values come from the world.
pub(crate) fn admit(
    who: Who,
    oid: Option<Oid>,
    way: Way,
    (now, rng): (DateTime<Utc>, &mut WorldRng),
) -> (String, DiaryEvent) {
    let session = rng.hex::<16>();
    let expires_at = now + TimeDelta::hours(SESSION_H);
    (session.clone(), DiaryEvent::SignedIn { who, oid, way, session, expires_at })
}
