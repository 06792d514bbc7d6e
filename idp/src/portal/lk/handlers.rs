//! Pages and JSON endpoints of the personal account that belong to no other subject.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, NaiveDate, Utc};
use esia::Oid;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, MenuItem, NoFields, Page, Problem, see_other};
use worlds::{World, moscow::date};

use super::possessions::{self, Possession};
use crate::{
    event::Event,
    portal::{
        accounts::{Account, AccountEvent, Level, SignedIn},
        notices::{Notice, NoticeEvent},
    },
    state::Gosuslugi,
};

/// Returns the routes of the pages.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/lk", get(home))
        .route("/lk/profile", get(profile))
        .route("/lk/notifications", get(notifications))
        .route("/lk/window/close", post(close_window))
}

/// Returns the routes of the JSON endpoints.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(list_notifications))
        .routes(routes!(see_notifications))
        .routes(routes!(api_close_window))
}

#[derive(Template)]
#[template(path = "lk/home.html")]
struct HomePage {
    frame: Frame,
    first: String,
    /// Number of unread notifications.
    news: usize,
    window: bool,
    is_child: bool,
}

async fn home(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<HomePage>, Problem> {
    let page = world
        .read(|state, now| HomePage {
            frame: frame.signed_in(state.portal.name_of(me.oid())),
            first: state
                .portal
                .accounts
                .get(me.oid())
                .map_or_else(String::new, |account| account.name.first().to_owned()),
            news: state.portal.notices.news(me.oid()),
            is_child: state.portal.is_child(me.oid(), date(now)),
            window: state.portal.bindings.shows_window(&me.session, now),
        })
        .await?;
    Ok(Page(page))
}

#[derive(Template)]
#[template(path = "lk/profile.html")]
struct ProfilePage {
    frame: Frame,
    account: Account,
    level: &'static str,
    guardians: Vec<String>,
    block: bool,
    /// Sections for documents, addresses and vehicles: title, `data-test` name, entries.
    possessions: Vec<(&'static str, &'static str, Vec<Possession>)>,
}

async fn profile(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<ProfilePage>, Problem> {
    let page = world
        .read(|state, now| {
            let account = state.portal.accounts.get(me.oid())?.clone();
            Some(ProfilePage {
                frame: frame.signed_in(account.name.to_string()),
                level: account.level.text(),
                guardians: state
                    .portal
                    .bindings
                    .guardians_of(me.oid())
                    .map(|guardian| state.portal.name_of(guardian))
                    .collect(),
                block: state.portal.bindings.shows_block(&me.session, now),
                possessions: vec![
                    ("Документы", "own-documents", possessions::documents(&account)),
                    ("Адреса", "own-addresses", possessions::addresses(&account)),
                    ("Транспорт", "own-vehicles", possessions::vehicles(&account)),
                ],
                account,
            })
        })
        .await?;
    page.map(Page).ok_or_else(|| Problem::not_found("Учётной записи нет"))
}

#[derive(Template)]
#[template(path = "lk/notifications.html")]
struct NotificationsPage {
    frame: Frame,
    notices: Vec<Notice>,
}

/// Returns the event that marks a person's notifications as read; none if there is no unread one.
fn seen(state: &Gosuslugi, by: Oid) -> Vec<Event> {
    let is_any_new = state.portal.notices.news(by) > 0;
    is_any_new.then_some(Event::Notice(NoticeEvent::Seen { by })).into_iter().collect()
}

/// Shows the newest 100 notifications and marks all as read, in one step: one that arrives later stays unread.
async fn notifications(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<NotificationsPage>, Problem> {
    let by = me.oid();
    let shown = world.act(|state: &Gosuslugi, now, _| {
        let portal = &state.portal;
        let notices: Vec<_> = portal.notices.of(by).rev().take(100).cloned().collect();
        let menu = portal.menu(by, date(now)).into_iter().map(|item| MenuItem { news: 0, ..item });
        Ok::<_, Problem>((seen(state, by), (portal.name_of(by), menu.collect(), notices)))
    });
    let (who, menu, notices) = shown.await?;
    Ok(Page(NotificationsPage { frame: frame.signed_in(who).with_menu(menu), notices }))
}

async fn close_window(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    close(&world, me).await?;
    Ok(see_other(&world_url, "/lk"))
}

async fn close(world: &World<Gosuslugi>, me: SignedIn) -> Result<(), Problem> {
    let closed = Event::Account(AccountEvent::WindowClosed { session: me.id });
    Ok(world.act(|_, _, _| Ok::<_, Problem>((vec![closed.clone()], ()))).await?)
}

/// Closes the window for a binding code for the rest of the session; the block in «Профиль» stays (R003.13).
#[utoipa::path(post, path = "/lk/api/window/close", tag = "personal account", responses((status = 204)))]
async fn api_close_window(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<StatusCode, Problem> {
    close(&world, me).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The person who is signed in.
#[derive(Debug, Serialize, ToSchema)]
struct Me {
    /// Number of the account.
    oid: u64,
    /// Surname, name, patronymic.
    name: String,
    /// `simplified`, `standard` or `confirmed`.
    level: &'static str,
    /// Day of birth, once known.
    born: Option<NaiveDate>,
    /// СНИЛС, once known.
    snils: Option<String>,
    /// Birth certificate, once known.
    birth_certificate: Option<String>,
    /// E-mail, a login.
    email: Option<String>,
    /// Phone, a login.
    phone: Option<String>,
    /// Whether the window for a binding code is shown.
    binding_window: bool,
    /// Whether the block for a binding code is shown in «Профиль».
    binding_block: bool,
    /// Names of guardians that the account is bound to.
    guardians: Vec<String>,
    /// Passport and other documents.
    documents: Vec<Possession>,
    /// Addresses of the person.
    addresses: Vec<Possession>,
    /// Vehicles of the person.
    vehicles: Vec<Possession>,
}

/// Who is signed in.
#[utoipa::path(get, path = "/lk/api/me", tag = "personal account", responses((status = 200, body = Me)))]
async fn me(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<Me>, Problem> {
    let view = world
        .read(|state, now| {
            let account = state.portal.accounts.get(me.oid())?;
            Some(Me {
                oid: account.oid.get(),
                name: account.name.to_string(),
                level: account.level.code(),
                born: account.born,
                snils: account.snils.map(|snils| snils.to_string()),
                birth_certificate: account.birth_certificate.as_ref().map(ToString::to_string),
                email: account.email.as_ref().map(ToString::to_string),
                phone: account.phone.map(|phone| phone.to_string()),
                binding_window: state.portal.bindings.shows_window(&me.session, now),
                binding_block: state.portal.bindings.shows_block(&me.session, now),
                guardians: state
                    .portal
                    .bindings
                    .guardians_of(me.oid())
                    .map(|guardian| state.portal.name_of(guardian))
                    .collect(),
                documents: possessions::documents(account),
                addresses: possessions::addresses(account),
                vehicles: possessions::vehicles(account),
            })
        })
        .await?;
    view.map(Json).ok_or_else(|| Problem::not_found("Учётной записи нет"))
}

/// A notification in «Уведомления».
#[derive(Debug, Serialize, ToSchema)]
struct NoticeView {
    /// What it says.
    text: String,
    /// Where its link goes, inside this world.
    link: String,
    /// When it came.
    at: DateTime<Utc>,
    /// The person has not opened the page of notifications since.
    is_new: bool,
}

/// Marks all notifications as seen, as opening their page does.
#[utoipa::path(post, path = "/lk/api/notifications/seen", tag = "personal account", responses((status = 204)))]
async fn see_notifications(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<StatusCode, Problem> {
    world.act(|state: &Gosuslugi, _, _| Ok::<_, Problem>((seen(state, me.oid()), ()))).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Notifications, newest first.
#[utoipa::path(get, path = "/lk/api/notifications", tag = "personal account", responses((status = 200, body = [NoticeView])))]
async fn list_notifications(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
) -> Result<Json<Vec<NoticeView>>, Problem> {
    let view = |notice: &Notice| NoticeView {
        text: notice.text.clone(),
        link: notice.link.clone(),
        at: notice.at,
        is_new: notice.is_new,
    };
    Ok(Json(world.read(|state, _| state.portal.notices.of(me.oid()).rev().take(100).map(view).collect()).await?))
}
