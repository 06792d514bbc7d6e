//! Pages and JSON endpoints of «Профиль» → «Безопасность»: password and second factor.

use askama::Template;
use axum::{
    Router,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, see_other};
use worlds::{ActError, World};

use super::{
    SecondFactor, SecurityError, SignedIn,
    factor::totp,
    handlers::attempt,
    password::read_password,
    security::{Choice, FactorChange, PasswordChange},
};
use crate::{input::Faults, state::Gosuslugi};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/lk/profile/security", get(show))
        .route("/lk/profile/security/password", post(change_password))
        .route("/lk/profile/security/factor", post(choose))
        .route("/lk/profile/security/totp", post(confirm))
}

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_show))
        .routes(routes!(api_password))
        .routes(routes!(api_choose))
        .routes(routes!(api_confirm))
}

/// How one signs in.
#[derive(Debug, Serialize, ToSchema)]
struct SecurityView {
    /// The second factor: `none`, `sms`, `totp`.
    factor: &'static str,
    /// Where SMS go.
    phone: Option<String>,
    /// A key that waits for its first code.
    offer: Option<OfferView>,
}

/// A key for an application (RFC 6238: SHA-1, six digits, 30 seconds).
#[derive(Debug, Serialize, ToSchema)]
struct OfferView {
    /// In Base32, to be typed.
    secret: String,
    /// `otpauth://totp/…`, to be followed.
    link: String,
}

impl SecurityView {
    fn text(&self) -> &'static str {
        match self.factor {
            "sms" => "Код из SMS",
            "totp" => "Код из приложения",
            _ => "Только пароль",
        }
    }

    fn of(state: &Gosuslugi, me: &SignedIn, now: DateTime<Utc>) -> Option<Self> {
        let account = state.portal.accounts.get(me.oid())?;
        let factor = match account.factor() {
            SecondFactor::None => "none",
            SecondFactor::Sms => "sms",
            SecondFactor::Totp { .. } => "totp",
        };
        let secret = state.portal.accounts.offer(account.oid, now);
        let offer = secret.and_then(|secret| {
            let link = totp(secret, &account.login())?.to_url().ok()?;
            Some(OfferView { secret: secret.to_owned(), link })
        });
        Some(Self { factor, phone: account.phone.map(|phone| phone.to_string()), offer })
    }
}

#[derive(Template)]
#[template(path = "accounts/security.html")]
struct SecurityPage {
    frame: Frame,
    security: SecurityView,
    faults: Faults,
    /// Name of the form to which the faults belong.
    form: &'static str,
    done: bool,
}

async fn page(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    frame: Frame,
    form: &'static str,
    faults: Faults,
) -> Result<Page<SecurityPage>, Problem> {
    let look = |state: &Gosuslugi, now| Some((SecurityView::of(state, me, now)?, state.portal.name_of(me.oid())));
    let (security, who) = world.read(look).await?.ok_or_else(|| Problem::not_found("Учётной записи нет"))?;
    Ok(Page(SecurityPage { frame: frame.signed_in(who), security, faults, form, done: false }))
}

async fn refused(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    frame: Frame,
    form: &'static str,
    faults: Faults,
) -> Result<Response, Problem> {
    Ok(page(world, me, frame, form, faults).await?.with(StatusCode::CONFLICT))
}

/// Returns the fault of a field that two forms of the page have, if it belongs to the form `wanted`.
fn of_form<'f>(form: &str, wanted: &str, fault: &'f str) -> &'f str {
    if form == wanted { fault } else { "" }
}

fn fault(error: &SecurityError) -> Faults {
    Faults::one(error.field(), error.to_string())
}

async fn show(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<SecurityPage>, Problem> {
    page(&world, &me, frame, "", Faults::default()).await
}

/// A new password as it is typed.
#[derive(Debug, Deserialize, ToSchema)]
struct NewPasswordInput {
    /// The password now.
    #[serde(default)]
    current: String,
    /// A password of 8 to 100 characters.
    #[serde(default)]
    password: String,
    /// The same again.
    #[serde(default)]
    repeated: String,
}

async fn put_password(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    current: &str,
    password: &str,
) -> Result<Result<(), SecurityError>, Problem> {
    let change = PasswordChange { current, password, session: &me.id };
    attempt(world, |state, now, _| state.portal.change_password(me.oid(), change, now)).await
}

async fn change_password(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(input): Form<NewPasswordInput>,
) -> Result<Response, Problem> {
    let faults = match read_password(&input.password, &input.repeated) {
        Err(faults) => faults,
        Ok(password) => {
            if let Err(error) = put_password(&world, &me, &input.current, password).await? {
                fault(&error)
            } else {
                let mut page = page(&world, &me, frame, "", Faults::default()).await?;
                page.0.done = true;
                return Ok(page.with(StatusCode::OK));
            }
        }
    };
    refused(&world, &me, frame, "password", faults).await
}

/// A second factor as it is chosen.
#[derive(Debug, Deserialize, ToSchema)]
struct FactorInput {
    /// `none`, `sms` or `totp`.
    #[serde(default)]
    factor: String,
    /// The password now.
    #[serde(default)]
    current: String,
}

impl FactorInput {
    fn read(&self) -> Result<Choice, Faults> {
        match self.factor.as_str() {
            "none" => Ok(Choice::None),
            "sms" => Ok(Choice::Sms),
            "totp" => Ok(Choice::Totp),
            _ => Err(Faults::one("factor", "Выберите способ входа")),
        }
    }
}

async fn put_factor(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    choice: Choice,
    current: &str,
) -> Result<Result<(), SecurityError>, Problem> {
    let change = FactorChange { choice, current };
    attempt(world, |state, now, rng| state.portal.choose_factor(me.oid(), change, now, rng)).await
}

async fn choose(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(input): Form<FactorInput>,
) -> Result<Response, Problem> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(choice) => match put_factor(&world, &me, choice, &input.current).await? {
            Err(error) => fault(&error),
            Ok(()) => return Ok(see_other(&world_url, "/lk/profile/security")),
        },
    };
    refused(&world, &me, frame, "factor", faults).await
}

/// The first code of an application as it is typed.
#[derive(Debug, Deserialize, ToSchema)]
struct TotpInput {
    /// Six digits that the application shows.
    #[serde(default)]
    code: String,
}

async fn put_totp(world: &World<Gosuslugi>, me: &SignedIn, code: &str) -> Result<(), ActError<SecurityError>> {
    world.act(|state, now, _| Ok((state.portal.confirm_totp(me.oid(), code, now)?, ()))).await
}

async fn confirm(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(TotpInput { code }): Form<TotpInput>,
) -> Result<Response, Problem> {
    match put_totp(&world, &me, &code).await {
        Ok(()) => Ok(see_other(&world_url, "/lk/profile/security")),
        Err(ActError::Refused(error @ (SecurityError::WrongCode | SecurityError::Code(_)))) => {
            refused(&world, &me, frame, "totp", fault(&error)).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn view(world: &World<Gosuslugi>, me: &SignedIn) -> Result<Json<SecurityView>, Problem> {
    let view = world.read(|state, now| SecurityView::of(state, me, now)).await?;
    view.map(Json).ok_or_else(|| Problem::not_found("Учётной записи нет"))
}

/// How one signs in, and the key that waits for its first code.
#[utoipa::path(get, path = "/lk/api/security", tag = "personal account", responses((status = 200, body = SecurityView)))]
async fn api_show(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<SecurityView>, Problem> {
    view(&world, &me).await
}

/// A new password; all other sessions end.
#[utoipa::path(put, path = "/lk/api/security/password", tag = "personal account", request_body = NewPasswordInput,
    responses((status = 204), (status = 400), (status = 409)))]
async fn api_password(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(input): Json<NewPasswordInput>,
) -> Result<StatusCode, Problem> {
    let password = read_password(&input.password, &input.repeated)?;
    put_password(&world, &me, &input.current, password).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Chooses a second factor. An application is offered a key and works after its first code.
#[utoipa::path(put, path = "/lk/api/security/factor", tag = "personal account", request_body = FactorInput,
    responses((status = 200, body = SecurityView), (status = 400), (status = 409)))]
async fn api_choose(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(input): Json<FactorInput>,
) -> Result<Json<SecurityView>, Problem> {
    put_factor(&world, &me, input.read()?, &input.current).await??;
    view(&world, &me).await
}

/// The first code of an application turns it on.
#[utoipa::path(post, path = "/lk/api/security/totp", tag = "personal account", request_body = TotpInput,
    responses((status = 200, body = SecurityView), (status = 409)))]
async fn api_confirm(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(TotpInput { code }): Json<TotpInput>,
) -> Result<Json<SecurityView>, Problem> {
    put_totp(&world, &me, &code).await?;
    view(&world, &me).await
}
