//! `/control/people` and `/control/outbox`: who is there, acting as one of them, what was sent.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::Path,
    response::{IntoResponse as _, Response},
    routing::get,
};
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{
    AnyWorld, Json, OutboxMessage, PersonView, Problem, Query, SetCookie, WorldUrl,
    people::{LINK_PATH, LinkTarget, OpenedSession},
    problem::ProblemDetails,
    see_other,
};

/// Maximum number of messages in one answer.
const MESSAGES: usize = 1_000;

/// The page that a link leads to.
pub(super) fn pages() -> Router {
    Router::new().route(LINK_PATH, get(open_link))
}

/// Everybody of this world, with logins and passwords while these work.
#[utoipa::path(get, path = "/control/people", tag = "people", responses((status = 200, body = [PersonView])))]
pub(super) async fn list(Extension(world): Extension<Arc<dyn AnyWorld>>) -> Result<Json<Vec<PersonView>>, Problem> {
    Ok(Json(world.people().await?))
}

/// Acts as a person: a session without a password. The answer sets the cookie of the pages, so that a client which keeps
/// cookies is signed in; `link` does the same for a browser that is elsewhere, once. `key` is the person's of
/// `/control/people`; Gosuslugi take a login too.
#[utoipa::path(post, path = "/control/people/{key}/session", tag = "people", params(("key" = String, Path)),
    responses((status = 201, body = OpenedSession), (status = 404, body = ProblemDetails)))]
pub(super) async fn session(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    world_url: WorldUrl,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    let opened = world.open_session(&key).await?;
    let cookie = SetCookie::new(&world_url, world.session_cookie(), &opened.session);
    Ok(OpenedSession::answer(&world_url, opened, cookie))
}

/// Which messages of the outbox.
#[derive(Debug, Default, Deserialize, IntoParams)]
pub(crate) struct OutboxFilter {
    /// Only those to this e-mail address or phone.
    to: Option<String>,
}

/// The newest thousand letters and SMS of this world, newest first. Links are addresses inside the world.
#[utoipa::path(get, path = "/control/outbox", tag = "outbox", params(OutboxFilter),
    responses((status = 200, body = [OutboxMessage])))]
pub(super) async fn outbox(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    world_url: WorldUrl,
    Query(OutboxFilter { to }): Query<OutboxFilter>,
) -> Result<Json<Vec<OutboxMessage>>, Problem> {
    let sent = world.outbox(to.as_deref(), MESSAGES).await?;
    let whole = |message: OutboxMessage| {
        let link = message.link.map(|link| world_url.url(&link));
        OutboxMessage { link, ..message }
    };
    Ok(Json(sent.into_iter().map(whole).collect()))
}

/// `GET /login/link/{code}`: a browser takes over a session that a program has opened.
async fn open_link(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    world_url: WorldUrl,
    Path(code): Path<String>,
    Query(target): Query<LinkTarget>,
) -> Result<Response, Problem> {
    let taken = world.take_over(&code).await?;
    let to = see_other(&world_url, &target.page(&world_url, taken.home));
    Ok((SetCookie::new(&world_url, world.session_cookie(), &taken.session), to).into_response())
}
