//! Signing in and out, choosing a role.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use web::{Form, Frame, InWorld, Page, Place, Query, Trouble, see_other};

use super::{MaybeSignedIn, Role, SignedIn, recovery, session::end_session, start_session};
use crate::{
    accounts::AccountEvent,
    state::{Event, Gosuslugi},
};

/// Pages of this domain.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/login", get(login_page).post(login))
        .route("/login/role", get(role_page).post(choose_role))
        .route("/logout", post(logout))
        .merge(recovery::pages())
}

/// Where to go afterwards.
#[derive(Debug, Default, Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// Only paths of this world: anything else would be an open redirect.
fn inside(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//") && !next.contains(['\\', '\r', '\n']);
    if local { next } else { "/lk" }
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
    Page(LoginPage { frame, next: inside(&next.next).to_owned(), login: String::new(), error: String::new() })
}

#[derive(Debug, Deserialize)]
struct LoginForm {
    #[serde(default)]
    login: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    next: String,
}

async fn login(
    InWorld { world, place }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(form): Form<LoginForm>,
) -> Result<Response, Trouble> {
    let outcome = world
        .act(|state, now, rng| match state.accounts.authenticate(&form.login, &form.password, now) {
            Ok(account) => {
                let (events, id) = state.sign_in(account, now, rng);
                Ok((events, Ok((id, !account.roles.is_empty()))))
            }
            // A wrong password is an event: tries are counted.
            Err((refusal, Some(oid))) => Ok((vec![Event::Account(AccountEvent::SignInFailed { oid })], Err(refusal))),
            Err((refusal, None)) => Ok::<_, Trouble>((Vec::new(), Err(refusal))),
        })
        .await?;
    match outcome {
        Ok((id, has_roles)) => {
            let next = inside(&form.next);
            let to = if has_roles { format!("/login/role?next={}", query(next)) } else { next.to_owned() };
            Ok((start_session(&place, &id), see_other(&place, &to)).into_response())
        }
        Err(refusal) => {
            let page =
                LoginPage { frame, next: inside(&form.next).to_owned(), login: form.login, error: refusal.to_string() };
            Ok(Page(page).with(StatusCode::FORBIDDEN))
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
    InWorld { world, place }: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    frame: Frame,
    Query(next): Query<Next>,
) -> Result<Response, Trouble> {
    let Some(signed_in) = signed_in else { return Ok(see_other(&place, "/login")) };
    let account = world.read(|state, _| state.accounts.get(signed_in.oid()).cloned()).await?;
    let Some(account) = account else { return Ok(see_other(&place, "/login")) };
    let next = inside(&next.next).to_owned();
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
    InWorld { world, place }: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    Form(form): Form<RoleForm>,
) -> Result<Response, Trouble> {
    let Some(signed_in) = signed_in else { return Ok(see_other(&place, "/login")) };
    world
        .act(|state, _, _| {
            let account = state.accounts.get(signed_in.oid());
            let roles = account.map(|account| account.roles.as_slice()).unwrap_or_default();
            let organisation = roles.iter().find(|role| role.oid.to_string() == form.organisation).map(|role| role.oid);
            if organisation.is_none() && !form.organisation.is_empty() {
                return Err(Trouble::bad_request("organisation", "Такой роли у вас нет"));
            }
            let chosen = AccountEvent::RoleChosen { session: signed_in.id.clone(), organisation };
            Ok((vec![Event::Account(chosen)], ()))
        })
        .await?;
    Ok(see_other(&place, inside(&form.next)))
}

/// Ends a browser's session, if it has one.
pub(crate) async fn end(world: &worlds::World<Gosuslugi>, signed_in: Option<SignedIn>) -> Result<(), Trouble> {
    let Some(SignedIn { id, session }) = signed_in else { return Ok(()) };
    let ended = Event::Account(AccountEvent::SignedOut { oid: session.oid, session: id });
    world.act(|_, _, _| Ok::<_, Trouble>((vec![ended.clone()], ()))).await?;
    Ok(())
}

#[derive(Debug, Deserialize)]
struct NoFields {}

async fn logout(
    InWorld { world, place }: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Trouble> {
    end(&world, signed_in).await?;
    Ok(signed_out(&place, see_other(&place, "/login")))
}

/// The answer with the session's cookie taken away.
pub(crate) fn signed_out(place: &Place, response: Response) -> Response {
    (end_session(place), response).into_response()
}
