//! The control door's own part: who stands in the register, and acting as one of them.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use web::{
    InWorld, Json, LINK_TTL, LinkTarget, OpenedSession, Problem, Query, SetCookie, is_link_of, link_is_over, see_other,
};
use worlds::WorldRng;

use crate::{
    event::{DiaryEvent, Way},
    register::{Role, Staff, Who},
    signin::{NewSession, SESSION_COOKIE},
    state::Diary,
};

/// Somebody in the register.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PersonView {
    /// Key of the seed, or of a parent whom the school has added.
    pub(crate) key: String,
    /// «Фамилия Имя Отчество».
    pub(crate) name: String,
    /// The diary's own login, while passwords work.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) login: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) password: Option<String>,
    /// What the person is here.
    pub(crate) about: String,
}

/// The tester's table.
pub(crate) fn people_of(diary: &Diary, today: NaiveDate) -> Vec<PersonView> {
    let mut logins = std::collections::BTreeMap::new();
    for (id, login, password) in diary.register.logins() {
        if diary.config.profile.sign_in.of(id).passwords.work_on(today) {
            logins.insert(id.key(), (login.to_owned(), password.to_owned()));
        }
    }
    let people = diary.register.people().into_iter().map(|(key, who)| {
        let (login, password) = logins.remove(key).unzip();
        PersonView { key: key.to_owned(), about: about(diary, &who), name: who.name, login, password }
    });
    people.collect()
}

fn about(diary: &Diary, who: &Who) -> String {
    let mut parts = Vec::new();
    if let Some(pupil) = who.pupil.as_ref().and_then(|key| diary.register.pupil(key)) {
        parts.push(if pupil.class.is_empty() {
            "ученик".to_owned()
        } else {
            format!("ученик, {}", pupil.class)
        });
    }
    if let Some(parent) = who.parent.as_ref().and_then(|key| diary.register.parent(key)) {
        let children = parent.children.iter().filter_map(|key| diary.register.pupil(key));
        let names = children.map(|pupil| pupil.name.first()).collect::<Vec<_>>().join(", ");
        let names = if names.is_empty() { "нет в карточках учеников" } else { &names };
        let active = if parent.active { "" } else { ", не активный пользователь" };
        parts.push(format!("родитель: {names}{active}"));
    }
    parts.extend(who.staff.as_ref().and_then(|key| diary.register.staff(key)).map(about_staff));
    parts.join("; ")
}

fn about_staff(staff: &Staff) -> String {
    let roles = staff.roles.iter().map(|role| {
        let of = match role {
            Role::ClassTeacher => staff.classes.iter().cloned().collect(),
            Role::Teacher => staff.teaches.iter().map(|(class, subject)| format!("{subject} {class}")).collect(),
            Role::Administrator | Role::Secretary => Vec::new(),
        };
        if of.is_empty() { role.name().to_owned() } else { format!("{}: {}", role.name(), of.join(", ")) }
    });
    roles.collect::<Vec<_>>().join("; ")
}

/// Who stands in the school's register.
#[utoipa::path(get, path = "/control/people", tag = "people", responses((status = 200, body = [PersonView])))]
pub(crate) async fn people(InWorld { world, .. }: InWorld<Diary>) -> Result<Json<Vec<PersonView>>, Problem> {
    Ok(Json(world.read(|diary, now| people_of(diary, worlds::moscow::date(now))).await?))
}

/// Acts as somebody in the register: a session without Gosuslugi. The answer sets the cookie of the pages, so that a client
/// which keeps cookies is signed in; `link` does the same for a browser that is elsewhere, once.
#[utoipa::path(post, path = "/control/people/{key}/session", tag = "people",
    responses((status = 201, body = OpenedSession), (status = 404)))]
pub(crate) async fn session(
    InWorld { world, world_url }: InWorld<Diary>,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    let (session, link_until) = world
        .act(|diary, now, rng| {
            let who = diary.register.who(&key);
            if who.is_nobody() {
                let way_out = "Кто в нём есть: GET /control/people";
                return Err(Problem::not_found(format!("В журнале нет ключа «{key}»")).of("key").or(way_out));
            }
            let (session, event) = NewSession::of(who, Way::Control).open(diary, now, rng);
            Ok((vec![event], (session, now + LINK_TTL)))
        })
        .await?;
    let cookie = SetCookie::new(&world_url, SESSION_COOKIE, &session);
    Ok(OpenedSession::answer(&world_url, session, link_until, cookie))
}

/// `GET /login/link/{code}`: a browser takes over a session that a program has opened.
pub(crate) async fn open_link(
    InWorld { world, world_url }: InWorld<Diary>,
    Path(code): Path<String>,
    Query(target): Query<LinkTarget>,
) -> Result<Response, Problem> {
    let take_over = |diary: &Diary, now, _: &mut WorldRng| {
        let mut waiting = diary.sessions.iter(now).filter(|(_, kept)| kept.link_until.is_some_and(|until| now < until));
        let (session, kept) = waiting.find(|(session, _)| is_link_of(&code, session)).ok_or_else(link_is_over)?;
        let opened = DiaryEvent::LinkOpened { session: session.to_owned(), name: kept.who.name.clone() };
        Ok::<_, Problem>((vec![opened], (session.to_owned(), kept.who.home())))
    };
    let (session, home) = world.act(take_over).await?;
    let to = see_other(&world_url, &target.page(&world_url, home));
    Ok((SetCookie::new(&world_url, SESSION_COOKIE, &session), to).into_response())
}
