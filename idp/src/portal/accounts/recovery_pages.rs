//! Pages and JSON endpoints of password recovery («Восстановить»).

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::get,
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, Query, see_other};
use worlds::{ActError, World};

use super::{RecoveryError, handlers::attempt, password::read_password, recovery::Sent};
use crate::{input::Faults, state::Gosuslugi};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/recovery", get(ask_page).post(ask))
        .route("/recovery/code", get(code_page).post(prove))
        .route("/recovery/password", get(password_page).post(restore))
}

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(api_ask)).routes(routes!(api_prove)).routes(routes!(api_restore))
}

/// The login of whoever has forgotten the password.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct AskInput {
    /// Phone, e-mail or СНИЛС.
    #[serde(default)]
    login: String,
}

#[derive(Template)]
#[template(path = "accounts/recovery.html")]
struct AskPage {
    frame: Frame,
    login: String,
    sent: bool,
    error: String,
}

async fn ask_page(frame: Frame) -> Page<AskPage> {
    Page(AskPage { frame, login: String::new(), sent: false, error: String::new() })
}

async fn send(world: &World<Gosuslugi>, login: &str) -> Result<Sent, ActError<RecoveryError>> {
    world.act(|state, now, rng| state.portal.ask_recovery(login, now, rng)).await
}

fn code_address(login: &str) -> String {
    let login: String = url::form_urlencoded::byte_serialize(login.as_bytes()).collect();
    format!("/recovery/code?login={login}")
}

/// Starts a recovery. The response does not reveal whether the account exists.
async fn ask(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(AskInput { login }): Form<AskInput>,
) -> Result<Response, Problem> {
    if login.trim().is_empty() {
        let page = AskPage {
            frame, login, sent: false, error: "Укажите телефон, почту или СНИЛС".to_owned()
        };
        return Ok(Page(page).with(StatusCode::BAD_REQUEST));
    }
    match send(&world, &login).await {
        Ok(Sent::Letter) => Ok(Page(AskPage { frame, login, sent: true, error: String::new() }).into_response()),
        Ok(Sent::Sms) => Ok(see_other(&world_url, &code_address(&login))),
        Err(ActError::Refused(refusal)) => {
            let page = AskPage { frame, login, sent: false, error: refusal.to_string() };
            Ok(Page(page).with(StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Template)]
#[template(path = "accounts/recovery-code.html")]
struct CodePage {
    frame: Frame,
    login: String,
    error: String,
}

async fn code_page(frame: Frame, Query(AskInput { login }): Query<AskInput>) -> Page<CodePage> {
    Page(CodePage { frame, login, error: String::new() })
}

/// The code from the SMS as it is typed.
#[derive(Debug, Deserialize, ToSchema)]
struct ProveInput {
    /// What was typed when the code was asked for.
    #[serde(default)]
    login: String,
    /// Six digits from the SMS.
    #[serde(default)]
    code: String,
}

async fn prove(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(input): Form<ProveInput>,
) -> Result<Response, Problem> {
    match attempt(&world, |state, now, rng| state.portal.prove_recovery(&input.login, &input.code, now, rng)).await? {
        Ok(token) => Ok(see_other(&world_url, &format!("/recovery/password?token={token}"))),
        Err(refusal) => {
            let page = CodePage { frame, login: input.login, error: refusal.to_string() };
            Ok(Page(page).with(StatusCode::CONFLICT))
        }
    }
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
    faults: Faults,
    done: bool,
}

async fn password_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Query(Token { token }): Query<Token>,
) -> Result<Page<PasswordPage>, Problem> {
    world.read(|state, now| state.portal.accounts.recovery(&token, now)).await??;
    Ok(Page(PasswordPage { frame, token, faults: Faults::default(), done: false }))
}

/// A new password as it is typed.
#[derive(Debug, Deserialize, ToSchema)]
struct RestoreInput {
    /// The secret of the letter's link, or the one that the right code gave.
    #[serde(default)]
    token: String,
    /// A password of 8 to 100 characters.
    #[serde(default)]
    password: String,
    /// The same again.
    #[serde(default)]
    repeated: String,
}

async fn put_password(world: &World<Gosuslugi>, token: &str, password: &str) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut _| {
        Ok::<_, RecoveryError>((state.portal.restore_password(token, password, now)?, ()))
    };
    Ok(world.act(decide).await?)
}

async fn restore(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(input): Form<RestoreInput>,
) -> Result<Response, Problem> {
    match read_password(&input.password, &input.repeated) {
        Ok(password) => {
            put_password(&world, &input.token, password).await?;
            let (token, faults) = (String::new(), Faults::default());
            Ok(Page(PasswordPage { frame, token, faults, done: true }).into_response())
        }
        Err(faults) => {
            let page = PasswordPage { frame, token: input.token, faults, done: false };
            Ok(Page(page).with(StatusCode::BAD_REQUEST))
        }
    }
}

/// What was sent, if there is such an account.
#[derive(Debug, Serialize, ToSchema)]
struct SentView {
    /// `email`: a letter with a link; `sms`: a code for `/lk/api/recovery/code`.
    sent: &'static str,
}

/// The right code's secret.
#[derive(Debug, Serialize, ToSchema)]
struct TokenView {
    /// The secret that `/lk/api/recovery/password` takes.
    token: String,
}

/// «Восстановить»: a letter, or an SMS when the login is a phone. Answers the same whether or not there is such an account.
#[utoipa::path(post, path = "/lk/api/recovery", tag = "signing in", request_body = AskInput,
    responses((status = 202, body = SentView), (status = 409)))]
async fn api_ask(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Json(AskInput { login }): Json<AskInput>,
) -> Result<(StatusCode, Json<SentView>), Problem> {
    let sent = if send(&world, &login).await? == Sent::Sms { "sms" } else { "email" };
    Ok((StatusCode::ACCEPTED, Json(SentView { sent })))
}

/// The code from the SMS.
#[utoipa::path(post, path = "/lk/api/recovery/code", tag = "signing in", request_body = ProveInput,
    responses((status = 200, body = TokenView), (status = 400), (status = 409)))]
async fn api_prove(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Json(input): Json<ProveInput>,
) -> Result<Json<TokenView>, Problem> {
    let proved = attempt(&world, |state, now, rng| state.portal.prove_recovery(&input.login, &input.code, now, rng));
    Ok(Json(TokenView { token: proved.await?? }))
}

/// A new password; all sessions end.
#[utoipa::path(post, path = "/lk/api/recovery/password", tag = "signing in", request_body = RestoreInput,
    responses((status = 204), (status = 400), (status = 409)))]
async fn api_restore(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Json(input): Json<RestoreInput>,
) -> Result<StatusCode, Problem> {
    put_password(&world, &input.token, read_password(&input.password, &input.repeated)?).await?;
    Ok(StatusCode::NO_CONTENT)
}
