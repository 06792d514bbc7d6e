//! The provider's own part of the control door: people, acting as one of them, the desk that confirms accounts, outbox.

mod desk;

use axum::{extract::Path, response::Response};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, OpenedSession, Problem, Query};
use worlds::WorldRng;

use crate::{
    portal::{
        accounts::{Account, Opened, start_session},
        outbox::Message,
    },
    state::Gosuslugi,
};

pub(crate) use desk::pages;

/// JSON endpoints of the control door.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(people)).routes(routes!(session)).merge(desk::api()).routes(routes!(outbox))
}

/// Somebody who lives in the world.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonView {
    /// The short name in the seed.
    pub(crate) key: String,
    /// Surname, name, patronymic.
    pub(crate) name: String,
    /// Who this is in the story.
    pub(crate) about: String,
    /// Number of the account, if there is one.
    pub(crate) oid: Option<u64>,
    /// What to type into «Телефон / Email / СНИЛС».
    pub(crate) login: Option<String>,
    /// The password now.
    pub(crate) password: Option<String>,
}

/// The cast, with accounts as they are now.
pub(crate) fn cast(state: &Gosuslugi) -> Vec<PersonView> {
    let view = |(key, member): (&str, &crate::portal::Member)| {
        let account = state.portal.cast.account(key, &state.portal.accounts);
        PersonView {
            key: key.to_owned(),
            name: member.name.to_string(),
            about: member.about.clone(),
            oid: account.map(|account| account.oid.get()),
            login: account.map(Account::login),
            password: account.map(|account| account.password.clone()),
        }
    };
    state.portal.cast.iter().map(view).collect()
}

/// Everybody in this world, with logins and passwords.
#[utoipa::path(get, path = "/control/people", tag = "people", responses((status = 200, body = [PersonView])))]
async fn people(InWorld { world, .. }: InWorld<Gosuslugi>) -> Result<Json<Vec<PersonView>>, Problem> {
    Ok(Json(world.read(|state, _| cast(state)).await?))
}

fn account_of<'s>(state: &'s Gosuslugi, key: &str) -> Result<&'s Account, Problem> {
    let by_login = || state.portal.accounts.find(key);
    let account = state.portal.cast.account(key, &state.portal.accounts).or_else(by_login);
    account.ok_or_else(|| Problem::not_found(format!("У «{key}» нет учётной записи, или нет такого человека")))
}

/// Acts as a person: a session without a password, as a private person. The answer sets the cookie of the pages, so that a
/// client which keeps cookies is signed in; `link` does the same for a browser that is elsewhere, once. `key` is the person's
/// in the seed, or a login.
#[utoipa::path(post, path = "/control/people/{key}/session", tag = "people",
    responses((status = 201, body = OpenedSession), (status = 404)))]
async fn session(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    let open = |state: &Gosuslugi, now, rng: &mut WorldRng| {
        let account = account_of(state, &key)?;
        Ok::<_, Problem>(state.portal.open_session(account, now, rng))
    };
    let Opened { session, link_until } = world.act(open).await?;
    let cookie = start_session(&world_url, &session);
    Ok(OpenedSession::answer(&world_url, session, link_until, cookie))
}

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
struct To {
    /// Only those to this e-mail address or phone.
    to: Option<String>,
}

/// A letter or an SMS that was sent.
#[derive(Debug, Serialize, ToSchema)]
struct Sent {
    /// 1, 2, 3, … in the order of sending.
    seq: usize,
    /// When.
    at: DateTime<Utc>,
    /// What.
    #[serde(flatten)]
    message: Message,
}

/// The newest thousand letters and SMS of this world, newest first. Links are addresses inside the world.
#[utoipa::path(get, path = "/control/outbox", tag = "outbox", params(To), responses((status = 200, body = [Sent])))]
async fn outbox(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Query(to): Query<To>,
) -> Result<Json<Vec<Sent>>, Problem> {
    let sent = world
        .read(|state, _| {
            let wanted = |message: &Message| to.to.as_ref().is_none_or(|to| message.to == *to);
            let all = state.portal.outbox.iter().enumerate().rev().filter(|(_, (_, message))| wanted(message));
            let view = |(index, (at, message)): (usize, &(DateTime<Utc>, Message))| {
                let link = message.link.as_ref().map(|link| world_url.url(link));
                Sent { seq: index + 1, at: *at, message: Message { link, ..message.clone() } }
            };
            all.take(1000).map(view).collect()
        })
        .await?;
    Ok(Json(sent))
}
