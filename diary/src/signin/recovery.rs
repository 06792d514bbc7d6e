//! «Забыли пароль?» (R002.1): a letter with a link to set a new password. The answer does not reveal whether a login is
//! known.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use serde::Deserialize;
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, Json, Page, Problem};
use worlds::World;

use crate::{
    event::DiaryEvent,
    register::PersonId,
    state::{Diary, RECOVERIES},
};

/// Lifetime of the link, minutes.
const LINK_MIN: i64 = 60;
/// Minimum length of a password, characters.
const SHORTEST: usize = 8;

#[derive(Template)]
#[template(path = "signin/forgotten.html")]
pub(crate) struct ForgottenPage {
    frame: Frame,
    login: String,
    is_sent: bool,
    error: Option<&'static str>,
}

/// A forgotten password.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Forgotten {
    /// «Имя пользователя» on the page.
    login: String,
}

/// `GET /login/forgotten`: shows the form that requests a letter.
pub(crate) async fn forgotten(_: InWorld<Diary>, frame: Frame) -> Page<ForgottenPage> {
    Page(ForgottenPage { frame, login: String::new(), is_sent: false, error: None })
}

async fn send(world: &World<Diary>, login: &str) -> Result<(), Problem> {
    let login = login.trim();
    let sent = world.act::<_, Problem>(|diary, now, rng| {
        let today = worlds::moscow::date(now);
        let is_allowed = |id: &PersonId| diary.config.profile.sign_in.of(id).passwords.work_on(today);
        let is_allowed = diary.register.person_of(login).is_some_and(is_allowed);
        let to = diary.register.email_of(login).filter(|_| is_allowed);
        let Some(to) = to else { return Ok((Vec::new(), ())) };
        diary.recoveries.note_displaced("password letter", login, RECOVERIES, now);
        let expires_at = now + TimeDelta::minutes(LINK_MIN);
        let (login, to, secret) = (login.to_owned(), to.to_string(), rng.hex::<16>());
        Ok((vec![DiaryEvent::PasswordForgotten { login, to, secret, expires_at }], ()))
    });
    Ok(sent.await?)
}

/// `POST /login/forgotten`: sends a letter with a link, if the login is known.
pub(crate) async fn forgot(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Form(given): Form<Forgotten>,
) -> Result<Response, Problem> {
    let page = ForgottenPage { frame, login: given.login, is_sent: false, error: None };
    if page.login.trim().is_empty() {
        let page = ForgottenPage { error: Some("Укажите имя пользователя"), ..page };
        return Ok(Page(page).with(StatusCode::BAD_REQUEST));
    }
    send(&world, &page.login).await?;
    Ok(Page(ForgottenPage { is_sent: true, ..page }).into_response())
}

/// Asks for a letter with a link to a new password. The answer is the same for a login that is not known.
#[utoipa::path(post, path = "/api/login/forgotten", tag = "signin", request_body = Forgotten,
    responses((status = 204)))]
pub(crate) async fn forgot_json(
    InWorld { world, .. }: InWorld<Diary>,
    Json(given): Json<Forgotten>,
) -> Result<StatusCode, Problem> {
    send(&world, &given.login).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Template)]
#[template(path = "signin/new_password.html")]
struct NewPasswordPage {
    frame: Frame,
    secret: String,
    error: Option<&'static str>,
    is_made: bool,
}

fn gone() -> Problem {
    Problem::bad_request("link", "Ссылка не найдена, устарела или уже использована")
        .or("Запросите письмо ещё раз: «Забыли пароль?»")
}

/// `GET /login/recovery/{secret}`: shows the form for a new password.
pub(crate) async fn new_password(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Path(secret): Path<String>,
) -> Result<Response, Problem> {
    world.read(|diary, now| diary.recoveries.get(&secret, now).is_some()).await?.then_some(()).ok_or_else(gone)?;
    Ok(Page(NewPasswordPage { frame, secret, error: None, is_made: false }).into_response())
}

/// A new password, twice.
#[derive(Debug, Deserialize, ToSchema)]
pub(crate) struct Twice {
    password: String,
    again: String,
}

impl Twice {
    fn fault(&self) -> Option<&'static str> {
        if self.password.chars().count() < SHORTEST {
            return Some("Не короче 8 знаков");
        }
        (self.password != self.again).then_some("Пароли не совпадают")
    }
}

async fn make(world: &World<Diary>, secret: &str, password: &str) -> Result<(), Problem> {
    let made = world.act(|diary, now, _| {
        let login = diary.recoveries.get(secret, now).ok_or_else(gone)?.clone();
        let (secret, password) = (secret.to_owned(), password.to_owned());
        Ok::<_, Problem>((vec![DiaryEvent::PasswordMade { login, secret, password }], ()))
    });
    Ok(made.await?)
}

/// `POST /login/recovery/{secret}`: sets the new password.
pub(crate) async fn make_anew(
    InWorld { world, .. }: InWorld<Diary>,
    frame: Frame,
    Path(secret): Path<String>,
    Form(twice): Form<Twice>,
) -> Result<Response, Problem> {
    if let Some(error) = twice.fault() {
        let page = NewPasswordPage { frame, secret, error: Some(error), is_made: false };
        return Ok(Page(page).with(StatusCode::BAD_REQUEST));
    }
    make(&world, &secret, &twice.password).await?;
    Ok(Page(NewPasswordPage { frame, secret, error: None, is_made: true }).into_response())
}

/// Makes a new password with the secret of a letter's link.
#[utoipa::path(post, path = "/api/login/recovery/{secret}", tag = "signin", request_body = Twice,
    responses((status = 204), (status = 400)))]
pub(crate) async fn make_anew_json(
    InWorld { world, .. }: InWorld<Diary>,
    Path(secret): Path<String>,
    Json(twice): Json<Twice>,
) -> Result<StatusCode, Problem> {
    if let Some(error) = twice.fault() {
        return Err(Problem::bad_request("password", error));
    }
    make(&world, &secret, &twice.password).await?;
    Ok(StatusCode::NO_CONTENT)
}
