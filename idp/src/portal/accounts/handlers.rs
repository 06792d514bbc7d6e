//! Handlers of sign-in, sign-out and the choice of a role.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, Query, ReturnTo, WorldUrl, see_other};
use worlds::{World, WorldRng};

use super::{
    AccountEvent, MaybeSignedIn, Role, Session, SignedIn, entry::Step, entry_rules::Tried, esia_cookies::forget_person,
    signed_in::end_session, start_session,
};
use crate::{event::Event, state::Gosuslugi};

/// Returns the routes of the login and role pages.
pub(super) fn pages() -> Router {
    Router::new().route("/login", get(login_page).post(login)).route("/login/role", get(role_page).post(choose_role))
}

/// Returns the routes of the JSON endpoints.
pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(api_role))
}

/// Query of the login and role pages: the address to go to afterwards.
#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
    /// Initial text of the login field, a client's `login_hint`.
    #[serde(default)]
    login: String,
}

/// Returns `next` if it is a path of this world, else `/lk`: anything else would be an open redirect.
pub(super) fn inside(next: &str) -> String {
    ReturnTo::or(next, "/lk")
}

fn query(next: &str) -> String {
    url::form_urlencoded::byte_serialize(inside(next).as_bytes()).collect()
}

#[derive(Template)]
#[template(path = "accounts/login.html")]
struct LoginPage {
    frame: Frame,
    next: String,
    login: String,
    error: String,
}

async fn login_page(frame: Frame, Query(next): Query<Next>) -> Page<LoginPage> {
    Page(LoginPage { frame, next: inside(&next.next), login: next.login, error: String::new() })
}

/// Form of the login page.
#[derive(Debug, Deserialize)]
struct SignInInput {
    /// Phone, e-mail or СНИЛС.
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    /// Address to go to afterwards.
    #[serde(default)]
    next: String,
}

/// Runs a decision whose events are recorded even if it fails: a wrong password or code is counted.
pub(crate) async fn attempt<T: Send, E: Send>(
    world: &World<Gosuslugi>,
    mut decide: impl FnMut(&Gosuslugi, DateTime<Utc>, &mut WorldRng) -> Tried<T, E> + Send,
) -> Result<Result<T, E>, Problem> {
    let keep = |state: &Gosuslugi, now, rng: &mut WorldRng| Ok::<_, Problem>(decide(state, now, rng));
    Ok(world.act(keep).await?)
}

async fn login(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(input): Form<SignInInput>,
) -> Result<Response, Problem> {
    match attempt(&world, |state, now, rng| state.portal.enter(&input.login, &input.password, now, rng)).await? {
        Ok(step) => Ok(go_on(&world_url, &step, &input.next)),
        Err(refusal) => {
            let (next, login) = (inside(&input.next), input.login);
            Ok(Page(LoginPage { frame, next, login, error: refusal.to_string() }).with(StatusCode::FORBIDDEN))
        }
    }
}

/// Redirects to the next page of a sign-in: the next input, the choice of a role, or `next`.
pub(super) fn go_on(world_url: &WorldUrl, step: &Step, next: &str) -> Response {
    match step {
        Step::More { entry } => see_other(world_url, &format!("/login/second?entry={entry}&next={}", query(next))),
        Step::Session { id, has_roles } => {
            let role = || format!("/login/role?next={}", query(next));
            let to = if *has_roles { role() } else { inside(next) };
            (start_session(world_url, id), see_other(world_url, &to)).into_response()
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/role.html")]
struct RolePage {
    frame: Frame,
    next: String,
    roles: Vec<Role>,
}

async fn role_page(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    Query(next): Query<Next>,
) -> Result<Response, Problem> {
    let Some(signed_in) = signed_in else { return Ok(see_other(&world_url, "/login")) };
    let account = world.read(|state, _| state.portal.accounts.get(signed_in.oid()).cloned()).await?;
    let Some(account) = account else { return Ok(see_other(&world_url, "/login")) };
    let next = inside(&next.next);
    Ok(Page(RolePage { frame: frame.signed_in(account.name.to_string()), next, roles: account.roles }).into_response())
}

#[derive(Debug, Deserialize)]
struct RoleForm {
    #[serde(default)]
    organisation: String,
    #[serde(default)]
    next: String,
}

async fn choose_role(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    Form(form): Form<RoleForm>,
) -> Result<Response, Problem> {
    let Some(signed_in) = signed_in else { return Ok(see_other(&world_url, "/login")) };
    take_role(&world, &signed_in, &form.organisation).await?;
    Ok(see_other(&world_url, &inside(&form.next)))
}

/// Sets the role of a session: an organisation by its number, or a private person if empty. Returns the changed
/// session.
pub(crate) async fn take_role(world: &World<Gosuslugi>, me: &SignedIn, organisation: &str) -> Result<Session, Problem> {
    let decide = |state: &Gosuslugi, _, _: &mut _| {
        let account = state.portal.accounts.get(me.oid());
        let roles = account.map(|account| account.roles.as_slice()).unwrap_or_default();
        let chosen = roles.iter().find(|role| role.oid.to_string() == organisation).map(|role| role.oid);
        if chosen.is_none() && !organisation.is_empty() {
            return Err(Problem::bad_request("organisation", "Такой роли у вас нет"));
        }
        let session = Session { role_pending: false, organisation: chosen, ..me.session.clone() };
        let chosen = AccountEvent::RoleChosen { session: me.id.clone(), organisation: chosen };
        Ok((vec![Event::Account(chosen)], session))
    };
    Ok(world.act(decide).await?)
}

/// A role as it is chosen.
#[derive(Debug, Deserialize, ToSchema)]
struct SignInRoleInput {
    /// Number of the organisation; empty for a private person.
    #[serde(default)]
    organisation: String,
}

/// Acts for an organisation from now on, or as a private person again.
#[utoipa::path(put, path = "/lk/api/session/role", tag = "signing in", request_body = SignInRoleInput,
    responses((status = 204), (status = 400)))]
async fn api_role(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(SignInRoleInput { organisation }): Json<SignInRoleInput>,
) -> Result<StatusCode, Problem> {
    take_role(&world, &me, organisation.trim()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Adds headers to a response that remove the session cookie and the cookies of the person.
pub(crate) fn signed_out(world_url: &WorldUrl, response: Response) -> Response {
    let [u, oid] = forget_person(world_url);
    (end_session(world_url), u, oid, response).into_response()
}
