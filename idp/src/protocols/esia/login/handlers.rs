//! Handlers of the login API, one per step of a sign-in.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Cookies, InWorld, Json, Problem, Query};
use worlds::ActError;

use super::{
    guard::Own,
    reply::{Failed, Reply},
};
use crate::{
    grants::{ConsentAnswer, ConsentForm, Protocol},
    portal::accounts::{
        EntryError, MaybeSignedIn, SignedIn, Step, attempt, entries, of_entry, of_person, read_password, requests,
        start_session, take_role,
    },
    protocols::{
        ESIA_JSON,
        esia::consent::{Next, answered, arrived},
    },
    state::Gosuslugi,
};

/// Routes that OpenAPI need not list: endpoints that programs call on the way, and variants with a trailing slash.
pub(crate) fn routes() -> Router {
    Router::new()
        .route("/aas/oauth2/config", get(config))
        .route("/aas/oauth2/api/login/", post(login))
        .route("/aas/oauth2/api/login/otp-max/verify", post(verify))
        .route("/aas/oauth2/api/login/quiz-max/skip", post(next_step))
        .route("/aas/oauth2/api/login/change-password/skip", post(next_step))
        .route("/aas/oauth2/api/login/promo-mfa/fill-mfa", post(next_step))
}

/// Returns the endpoints of the login API.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(login))
        .routes(routes!(verify_otp))
        .routes(routes!(verify_totp))
        .routes(routes!(resend))
        .routes(routes!(next_step))
        .routes(routes!(change_password))
        .routes(routes!(choose_role))
        .routes(routes!(allow))
        .routes(routes!(deny))
}

/// Answers `GET /aas/oauth2/config`. Programs fetch it and ignore its content.
async fn config() -> Response {
    ([(header::CONTENT_TYPE, ESIA_JSON)], r#"{"title":"Мок Госуслуг"}"#).into_response()
}

/// Login and password.
#[derive(Debug, Deserialize, ToSchema)]
struct LoginInput {
    /// Phone, e-mail or СНИЛС.
    #[serde(default)]
    login: String,
    /// Password of the account.
    #[serde(default)]
    password: String,
}

/// Signs in with login and password. The request of the system that the browser was sent by is in the cookie `ESIA_SESSION`.
#[utoipa::path(post, path = "/aas/oauth2/api/login", tag = "login page", request_body = LoginInput,
    responses((status = 200, body = Reply), (status = 403), (status = 415)))]
async fn login(world: InWorld<Gosuslugi>, own: Own, Json(input): Json<LoginInput>) -> Result<Response, Problem> {
    let decide = |state: &Gosuslugi, now, rng: &mut _| state.portal.enter(&input.login, &input.password, now, rng);
    match attempt(&world.world, decide).await? {
        Ok(step) => after(&world, &own, step).await,
        Err(error) => Ok(Reply::refused(&input.login, &error).into_response()),
    }
}

/// The second factor's code.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Code {
    /// Six digits of the second factor.
    #[serde(default)]
    code: String,
}

/// The code that went by SMS. A wrong one counts as a wrong password does.
#[utoipa::path(post, path = "/aas/oauth2/api/login/otp/verify", tag = "login page", params(Code),
    responses((status = 200, body = Reply), (status = 403), (status = 415)))]
async fn verify_otp(world: InWorld<Gosuslugi>, own: Own, code: Query<Code>) -> Result<Response, Problem> {
    verify(world, own, code).await
}

/// The code of an application.
#[utoipa::path(post, path = "/aas/oauth2/api/login/totp/verify", tag = "login page", params(Code),
    responses((status = 200, body = Reply), (status = 403), (status = 415)))]
async fn verify_totp(world: InWorld<Gosuslugi>, own: Own, code: Query<Code>) -> Result<Response, Problem> {
    verify(world, own, code).await
}

/// Checks a code of either second factor; the account determines which one is asked for.
async fn verify(world: InWorld<Gosuslugi>, own: Own, Query(Code { code }): Query<Code>) -> Result<Response, Problem> {
    let Some(entry) = entry(&world, &own.cookies).await? else {
        return Ok(Reply::from(Failed::SessionExpired).into_response());
    };
    match attempt(&world.world, |state, now, rng| state.portal.pass(&entry, &code, now, rng)).await? {
        Ok(step) => after(&world, &own, step).await,
        Err(error) => {
            let reply = world.world.read(|state, now| Reply::missed(state, &entry, error.clone(), now)).await??;
            Ok(reply.into_response())
        }
    }
}

/// Another SMS; the earlier code works no longer. Ours: what real ЕСИА expects here is not public.
#[utoipa::path(post, path = "/aas/oauth2/api/login/otp/resend", tag = "login page",
    responses((status = 200, body = Reply), (status = 403), (status = 409), (status = 415)))]
async fn resend(world: InWorld<Gosuslugi>, own: Own) -> Result<Response, Problem> {
    let Some(entry) = entry(&world, &own.cookies).await? else {
        return Ok(Reply::from(Failed::SessionExpired).into_response());
    };
    let send =
        |state: &Gosuslugi, now, rng: &mut _| Ok::<_, EntryError>((state.portal.send_again(&entry, now, rng)?, ()));
    match world.world.act(send).await {
        Ok(()) => asks(&world, &entry).await,
        Err(ActError::Refused(EntryError::Locked(_))) => Ok(Reply::from(Failed::AccountLocked).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// What comes next: the same question again, or as a private person on to what the system asks.
#[utoipa::path(post, path = "/aas/oauth2/api/login/next-step", tag = "login page",
    responses((status = 200, body = Reply), (status = 403), (status = 415)))]
async fn next_step(
    world: InWorld<Gosuslugi>,
    own: Own,
    MaybeSignedIn(signed_in): MaybeSignedIn,
) -> Result<Response, Problem> {
    if let Some(entry) = entry(&world, &own.cookies).await? {
        return asks(&world, &entry).await;
    }
    let Some(signed_in) = signed_in else { return Ok(Reply::from(Failed::SessionExpired).into_response()) };
    act_for(&world, &own, &signed_in, None).await
}

/// A password in place of a one-time one.
#[derive(Debug, Deserialize, ToSchema)]
struct PasswordInput {
    /// A password of 8 to 100 characters.
    #[serde(default)]
    password: String,
    /// The same again.
    #[serde(default)]
    repeated: String,
}

/// Answers `CHANGE_PASSWORD`. Ours: what real ЕСИА expects here is not public.
#[utoipa::path(post, path = "/aas/oauth2/api/login/change-password", tag = "login page", request_body = PasswordInput,
    responses((status = 200, body = Reply), (status = 400), (status = 403), (status = 415)))]
async fn change_password(
    world: InWorld<Gosuslugi>,
    own: Own,
    Json(input): Json<PasswordInput>,
) -> Result<Response, Problem> {
    let password = read_password(&input.password, &input.repeated)?;
    let Some(entry) = entry(&world, &own.cookies).await? else {
        return Ok(Reply::from(Failed::SessionExpired).into_response());
    };
    let replaced = world.world.act(|state, now, rng| state.portal.replace_password(&entry, password, now, rng)).await;
    match replaced {
        Ok(step) => after(&world, &own, step).await,
        Err(ActError::Refused(EntryError::Gone)) => Ok(Reply::from(Failed::SessionExpired).into_response()),
        Err(error) => Err(error.into()),
    }
}

/// Whom to act for.
#[derive(Debug, Deserialize, ToSchema)]
struct RoleInput {
    /// The organisation's number; null for oneself.
    #[serde(default)]
    organisation: Option<u64>,
}

/// Answers `SELECT_ROLE`. Ours: what real ЕСИА expects here is not public.
#[utoipa::path(post, path = "/aas/oauth2/api/login/role", tag = "login page", request_body = RoleInput,
    responses((status = 200, body = Reply), (status = 400), (status = 403), (status = 415)))]
async fn choose_role(
    world: InWorld<Gosuslugi>,
    own: Own,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    Json(input): Json<RoleInput>,
) -> Result<Response, Problem> {
    let Some(signed_in) = signed_in else { return Ok(Reply::from(Failed::SessionExpired).into_response()) };
    let organisation = input.organisation.map(|oid| oid.to_string());
    act_for(&world, &own, &signed_in, organisation.as_deref()).await
}

/// Consents to what the system asks for. A minor does not: their guardians do.
#[utoipa::path(post, path = "/aas/oauth2/api/scope/allow", tag = "login page",
    responses((status = 200, body = Reply), (status = 403), (status = 415)))]
async fn allow(
    world: InWorld<Gosuslugi>,
    own: Own,
    MaybeSignedIn(signed_in): MaybeSignedIn,
) -> Result<Response, Problem> {
    answer_consent(&world, &own, signed_in, ConsentAnswer::Grant).await
}

/// Refuses it. Ours: what real ЕСИА expects here is not public.
#[utoipa::path(post, path = "/aas/oauth2/api/scope/deny", tag = "login page",
    responses((status = 200, body = Reply), (status = 403), (status = 415)))]
async fn deny(
    world: InWorld<Gosuslugi>,
    own: Own,
    MaybeSignedIn(signed_in): MaybeSignedIn,
) -> Result<Response, Problem> {
    answer_consent(&world, &own, signed_in, ConsentAnswer::Refuse).await
}

async fn answer_consent(
    world: &InWorld<Gosuslugi>,
    own: &Own,
    signed_in: Option<SignedIn>,
    answer: ConsentAnswer,
) -> Result<Response, Problem> {
    let (Some(signed_in), Some(request)) = (signed_in, request(world, &own.cookies).await?) else {
        return Ok(Reply::from(Failed::SessionExpired).into_response());
    };
    if signed_in.session.role_pending {
        return go_on(world, own, &signed_in).await.map(IntoResponse::into_response);
    }
    let answered = answered(world, &own.checks, &signed_in, &ConsentForm { request, answer }).await?;
    Ok(reply_of(answered).into_response())
}

/// Returns the sign-in in progress that a cookie of the browser names.
async fn entry(InWorld { world, .. }: &InWorld<Gosuslugi>, cookies: &Cookies) -> Result<Option<String>, Problem> {
    let named = entries(cookies);
    Ok(world.read(|state, now| named.into_iter().find(|entry| state.portal.accounts.asked(entry, now).is_ok())).await?)
}

/// Returns the authorization request that a cookie of the browser names, unless it is answered or has expired.
async fn request(InWorld { world, .. }: &InWorld<Gosuslugi>, cookies: &Cookies) -> Result<Option<String>, Problem> {
    let named = requests(cookies);
    Ok(world
        .read(|state, now| {
            named.into_iter().find(|request| state.grants.request(Protocol::Esia, request, now).is_some())
        })
        .await?)
}

async fn asks(InWorld { world, .. }: &InWorld<Gosuslugi>, entry: &str) -> Result<Response, Problem> {
    let asked = world.read(|state, now| Reply::asks(state, entry, now)).await?;
    Ok(asked.unwrap_or_else(|| Failed::SessionExpired.into()).into_response())
}

/// Answers after a step: with the next question, or with the session's cookies.
async fn after(world: &InWorld<Gosuslugi>, own: &Own, step: Step) -> Result<Response, Problem> {
    let world_url = &world.world_url;
    let id = match step {
        Step::More { entry } => {
            return Ok((of_entry(world_url, &entry), asks(world, &entry).await?).into_response());
        }
        Step::Session { id, .. } => id,
    };
    let session = world.world.read(|state, now| state.portal.accounts.session(&id, now).cloned()).await?;
    let Some(session) = session else { return Ok(Reply::from(Failed::SessionExpired).into_response()) };
    let [u, oid, entry] = of_person(world_url, &session.oid.to_string());
    let started = start_session(world_url, &id);
    let reply = go_on(world, own, &SignedIn { id, session }).await?;
    Ok((started, u, oid, entry, reply).into_response())
}

/// Chooses a role if one is pending, and continues.
async fn act_for(
    world: &InWorld<Gosuslugi>,
    own: &Own,
    signed_in: &SignedIn,
    organisation: Option<&str>,
) -> Result<Response, Problem> {
    let mut signed_in = signed_in.clone();
    if signed_in.session.role_pending || organisation.is_some() {
        signed_in.session = take_role(&world.world, &signed_in, organisation.unwrap_or_default()).await?;
    }
    go_on(world, own, &signed_in).await.map(IntoResponse::into_response)
}

/// Continues after sign-in: role, then consent, then back to the client.
async fn go_on(world: &InWorld<Gosuslugi>, own: &Own, signed_in: &SignedIn) -> Result<Reply, Problem> {
    if signed_in.session.role_pending {
        let roles = world.world.read(|state, _| state.portal.accounts.get(signed_in.oid()).map(Reply::roles)).await?;
        return Ok(roles.unwrap_or_else(|| Failed::SessionExpired.into()));
    }
    let Some(request) = request(world, &own.cookies).await? else { return Ok(Reply::done(world.world_url.url("/lk"))) };
    Ok(reply_of(arrived(world, &own.checks, signed_in, &request).await?))
}

fn reply_of(next: Next) -> Reply {
    match next {
        Next::Client(address) => Reply::done(address),
        Next::Asking(asking) => Reply::consent(asking),
    }
}
