//! The signed-in visitor of a request. Looks up the session only in the world's state; `session_check.rs` asks the
//! provider before the handler.

use std::sync::Arc;

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use esia::Oid;
use web::{Cookies, Frame, InWorld, Problem, SetCookie, Wants, WorldUrl, bearer, see_other};
use worlds::World;

use super::cookies::SESSION_COOKIE;
use crate::{
    event::Stranger,
    register::Who,
    state::{Diary, Session},
};

/// Signed-in visitor, identified by the cookie, or by `Authorization: Bearer` with a session that a program has opened.
/// Without a session, pages redirect to `/login`, and `/api` answers 401.
pub(crate) struct Visitor {
    pub(crate) world: Arc<World<Diary>>,
    pub(crate) world_url: WorldUrl,
    pub(crate) session: String,
    pub(crate) who: Who,
    pub(crate) oid: Option<Oid>,
    /// Data and refusal of a person unknown to the register.
    pub(crate) stranger: Option<Arc<Stranger>>,
}

impl Visitor {
    /// Adds the visitor's name to the frame of a page.
    pub(crate) fn frame(&self, frame: Frame) -> Frame {
        frame.signed_in(self.who.name.clone())
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let InWorld { world, world_url } =
            InWorld::<Diary>::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let cookies = Cookies::from_request_parts(parts, state).await.unwrap_or_default();
        let Ok(wants) = Wants::from_request_parts(parts, state).await;
        let presented = bearer(&parts.headers).or_else(|| cookies.get(&world_url, SESSION_COOKIE));
        let Some(session) = presented else { return Err(not_signed_in(&world_url, wants, Missing::Session)) };
        let known = world.read(|diary, now| diary.session(now, session)).await;
        match known.map_err(|error| Problem::from(error).into_response())? {
            Some(Session { who, oid, stranger, .. }) => {
                Ok(Self { session: session.to_owned(), world, world_url, who, oid, stranger })
            }
            None => Err(not_signed_in(&world_url, wants, Missing::Ended)),
        }
    }
}

/// Reason why a request has no visitor.
#[derive(Clone, Copy)]
enum Missing {
    /// No session was presented.
    Session,
    /// The session has expired, or was ended elsewhere.
    Ended,
}

fn not_signed_in(world_url: &WorldUrl, wants: Wants, missing: Missing) -> Response {
    if wants == Wants::Json {
        let problem = Problem::new(StatusCode::UNAUTHORIZED, "not-signed-in", "Вы не вошли в дневник").or("Войдите");
        return problem.into_response();
    }
    match missing {
        Missing::Session => see_other(world_url, "/login"),
        Missing::Ended => {
            (SetCookie::remove(world_url, SESSION_COOKIE), see_other(world_url, "/login?ended=1")).into_response()
        }
    }
}
