//! Extractors of the signed-in person: by the session cookie, or by `Authorization: Bearer` on JSON endpoints.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use esia::Oid;
use url::form_urlencoded::byte_serialize;
use web::{Checks, Cookies, Frame, InWorld, Problem, SetCookie, Wants, WorldUrl, bearer, see_other};
use worlds::moscow;

use super::session::Session;
use crate::state::Gosuslugi;

/// Prefix of the session cookie's name, before the name of the world.
pub(crate) const COOKIE: &str = "idp_session";

/// Extractor of the session of a signed-in person. Requires a chosen role.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    /// Id of the session.
    pub id: String,
    pub session: Session,
}

impl SignedIn {
    pub(crate) fn oid(&self) -> Oid {
        self.session.oid
    }
}

/// Extractor of the session, if any; unlike [`SignedIn`] it accepts a session whose role is not chosen yet.
#[derive(Debug, Clone)]
pub(crate) struct MaybeSignedIn(pub Option<SignedIn>);

fn session_id(headers: &HeaderMap, cookies: &Cookies, world_url: &WorldUrl) -> Option<String> {
    bearer(headers).or_else(|| cookies.get(world_url, COOKIE)).map(str::to_owned)
}

impl<S: Sync> FromRequestParts<S> for MaybeSignedIn {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let InWorld { world, world_url } = InWorld::<Gosuslugi>::from_request_parts(parts, state).await?;
        let Ok(cookies) = Cookies::from_request_parts(parts, state).await;
        let Some(id) = session_id(&parts.headers, &cookies, &world_url) else { return Ok(Self(None)) };
        let look = |state: &Gosuslugi, now| {
            let session = state.portal.accounts.session(&id, now).cloned()?;
            let name = state.portal.accounts.name(session.oid).map(ToString::to_string);
            Some((session, name))
        };
        let (session, name) = world.read(look).await?.unzip();
        let Ok(checks) = Checks::from_request_parts(parts, state).await;
        if let Some(name) = name.flatten() {
            checks.of_person(name);
        }
        Ok(Self(session.map(|session| SignedIn { id, session })))
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = Response;

    /// Rejects a request without a session: pages redirect to the login page, which leads back; JSON endpoints answer
    /// 401.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Response> {
        let found = MaybeSignedIn::from_request_parts(parts, state).await.map_err(IntoResponse::into_response)?;
        let path = parts.uri.path_and_query().map_or("/", |target| target.as_str());
        let next: String = byte_serialize(if parts.method == "GET" { path } else { "/lk" }.as_bytes()).collect();
        let Ok(world_url) = WorldUrl::from_request_parts(parts, state).await;
        let Ok(wants) = Wants::from_request_parts(parts, state).await;
        match found.0 {
            Some(signed_in) if signed_in.session.role_pending => {
                Err(see_other(&world_url, &format!("/login/role?next={next}")))
            }
            Some(signed_in) => {
                let InWorld { world, .. } = InWorld::<Gosuslugi>::from_request_parts(parts, state)
                    .await
                    .map_err(IntoResponse::into_response)?;
                let look = |state: &Gosuslugi, now| state.portal.menu(signed_in.oid(), moscow::date(now));
                let menu = world.read(look).await.map_err(|error| Problem::from(error).into_response())?;
                // Every page shown to the person needs the menu.
                if let Some(frame) = parts.extensions.get_mut::<Frame>() {
                    frame.menu = menu;
                }
                Ok(signed_in)
            }
            None if wants == Wants::Json => Err(Problem::new(
                StatusCode::UNAUTHORIZED,
                "not-signed-in",
                "Никто не вошёл: нужна сессия личного кабинета",
            )
            .or("Войдите на странице /login или возьмите сессию: POST /control/people/{имя}/session")
            .into_response()),
            None => Err(see_other(&world_url, &format!("/login?next={next}"))),
        }
    }
}

/// Returns the cookie of a new session.
pub(crate) fn start_session(world_url: &WorldUrl, id: &str) -> SetCookie {
    SetCookie::new(world_url, COOKIE, id)
}

/// Returns a header that removes the session cookie.
pub(crate) fn end_session(world_url: &WorldUrl) -> SetCookie {
    SetCookie::remove(world_url, COOKIE)
}
