//! «Восстановить»: a letter with a link, then a new password.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use chrono::TimeDelta;
use serde::Deserialize;
use web::{Form, Frame, InWorld, Page, Query, Trouble};

use super::check_password;
use crate::{
    accounts::AccountEvent,
    outbox::{Channel, Message, OutboxEvent},
    state::{Event, Gosuslugi},
};

/// How long the letter's link works.
const LINK_FOR: TimeDelta = TimeDelta::hours(1);

pub(crate) fn pages() -> Router {
    Router::new()
        .route("/recovery", get(ask_page).post(ask))
        .route("/recovery/password", get(password_page).post(restore))
}

#[derive(Template)]
#[template(path = "accounts/recovery.html")]
struct AskPage {
    frame: Frame,
    sent: bool,
}

async fn ask_page(frame: Frame) -> Page<AskPage> {
    Page(AskPage { frame, sent: false })
}

#[derive(Debug, Deserialize)]
struct AskForm {
    #[serde(default)]
    login: String,
}

/// Answers the same whether or not there is such an account.
async fn ask(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(form): Form<AskForm>,
) -> Result<Page<AskPage>, Trouble> {
    world
        .act(|state, now, rng| {
            let account = state.accounts.find(&form.login);
            let Some((account, email)) = account.and_then(|account| Some((account, account.email.as_ref()?))) else {
                return Ok::<_, Trouble>((Vec::new(), ()));
            };
            let token = rng.hex::<16>();
            let message = Message {
                channel: Channel::Email,
                to: email.to_string(),
                subject: Some("Восстановление пароля".to_owned()),
                text: "Чтобы задать новый пароль, перейдите по ссылке. Она действует один час.".to_owned(),
                link: Some(format!("/recovery/password?token={token}")),
            };
            let asked = AccountEvent::RecoveryAsked { oid: account.oid, token, expires_at: now + LINK_FOR };
            Ok((vec![Event::Account(asked), Event::Outbox(OutboxEvent::Sent { message })], ()))
        })
        .await?;
    Ok(Page(AskPage { frame, sent: true }))
}

#[derive(Debug, Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "accounts/password.html")]
struct PasswordPage {
    frame: Frame,
    token: String,
    error: &'static str,
    done: bool,
}

fn lapsed() -> Trouble {
    Trouble::conflict("recovery-lapsed", "Ссылка не действует: срок истёк или она уже использована")
        .or("Нажмите «Восстановить» ещё раз")
}

async fn password_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Query(Token { token }): Query<Token>,
) -> Result<Page<PasswordPage>, Trouble> {
    world.read(|state, now| state.accounts.recovery(&token, now)).await?.ok_or_else(lapsed)?;
    Ok(Page(PasswordPage { frame, token, error: "", done: false }))
}

#[derive(Debug, Deserialize)]
struct PasswordForm {
    #[serde(default)]
    token: String,
    #[serde(default)]
    password: String,
    #[serde(default)]
    repeated: String,
}

async fn restore(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(form): Form<PasswordForm>,
) -> Result<Response, Trouble> {
    if let Err(error) = check_password(&form.password, &form.repeated) {
        let page = PasswordPage { frame, token: form.token, error, done: false };
        return Ok(Page(page).with(StatusCode::BAD_REQUEST));
    }
    world
        .act(|state, now, _| {
            let oid = state.accounts.recovery(&form.token, now).ok_or_else(lapsed)?;
            let (token, password) = (form.token.clone(), form.password.clone());
            Ok::<_, Trouble>((vec![Event::Account(AccountEvent::PasswordRestored { oid, token, password })], ()))
        })
        .await?;
    Ok(Page(PasswordPage { frame, token: String::new(), error: "", done: true }).into_response())
}
