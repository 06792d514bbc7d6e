//! Pages and JSON endpoints of self-registration.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, Query, see_other};
use worlds::{ActError, World};

use super::{Applicant, RegistrationError, handlers::attempt, password::read_password};
use crate::{
    input::{Faults, read_name},
    portal::outbox::Channel,
    state::Gosuslugi,
};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/registration", get(start_page).post(start))
        .route("/registration/{id}", get(show))
        .route("/registration/{id}/code", post(prove_phone))
        .route("/registration/{id}/again", post(again))
        .route("/registration/{id}/email", get(prove_email))
        .route("/registration/{id}/password", post(complete))
}

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_start))
        .routes(routes!(api_show))
        .routes(routes!(api_prove_phone))
        .routes(routes!(api_prove_email))
        .routes(routes!(api_again))
        .routes(routes!(api_complete))
}

/// Who registers, as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
struct StartInput {
    /// Фамилия, one or two words.
    #[serde(default)]
    last: String,
    /// Имя, one or two words.
    #[serde(default)]
    first: String,
    /// Отчество; empty for none.
    #[serde(default)]
    middle: String,
    /// Phone; may be empty when there is an e-mail.
    #[serde(default)]
    phone: String,
    /// E-mail; may be empty when there is a phone.
    #[serde(default)]
    email: String,
}

impl StartInput {
    /// # Errors
    /// All form fields that cannot be read, each with its message.
    fn read(&self) -> Result<Applicant, Faults> {
        let mut faults = Faults::default();
        let name = read_name(&mut faults, &self.last, &self.first, &self.middle);
        if self.phone.trim().is_empty() && self.email.trim().is_empty() {
            faults.take("phone", Err::<(), _>("Укажите телефон или электронную почту"));
        }
        let (phone, email) = (faults.take_any("phone", &self.phone), faults.take_any("email", &self.email));
        match name {
            Some(name) if faults.is_empty() => Ok(Applicant { name, phone, email }),
            _ => Err(faults),
        }
    }
}

#[derive(Template)]
#[template(path = "accounts/registration.html")]
struct StartPage {
    frame: Frame,
    input: StartInput,
    faults: Faults,
}

async fn start_page(frame: Frame) -> Page<StartPage> {
    Page(StartPage { frame, input: StartInput::default(), faults: Faults::default() })
}

async fn begin(world: &World<Gosuslugi>, applicant: &Applicant) -> Result<String, ActError<RegistrationError>> {
    world.act(|state, now, rng| state.portal.start_registration(applicant, now, rng)).await
}

async fn start(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    frame: Frame,
    Form(input): Form<StartInput>,
) -> Result<Response, Problem> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(applicant) => match begin(&world, &applicant).await {
            Ok(id) => return Ok(see_other(&world_url, &format!("/registration/{id}"))),
            Err(ActError::Refused(error)) => Faults::one(error.field().unwrap_or("form"), error.to_string()),
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Page(StartPage { frame, input, faults }).with(StatusCode::BAD_REQUEST))
}

/// A registration under way.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct RegistrationView {
    /// Its secret name.
    id: String,
    /// Surname, name, patronymic.
    name: String,
    /// The phone that still waits for its code.
    phone_to_prove: Option<String>,
    /// The e-mail whose letter still waits to be followed.
    email_to_prove: Option<String>,
}

async fn view(world: &World<Gosuslugi>, id: &str) -> Result<RegistrationView, Problem> {
    let look = |state: &Gosuslugi, now| {
        state.portal.accounts.registration(id, now).map(|known| RegistrationView {
            id: id.to_owned(),
            name: known.applicant().name.to_string(),
            phone_to_prove: known.phone_to_prove().map(|phone| phone.to_string()),
            email_to_prove: known.email_to_prove().map(ToString::to_string),
        })
    };
    Ok(world.read(look).await??)
}

#[derive(Template)]
#[template(path = "accounts/registering.html")]
struct ProofPage {
    frame: Frame,
    registration: RegistrationView,
    faults: Faults,
}

#[derive(Template)]
#[template(path = "accounts/registered.html")]
struct DonePage {
    frame: Frame,
}

async fn show(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    frame: Frame,
) -> Result<Page<ProofPage>, Problem> {
    Ok(Page(ProofPage { frame, registration: view(&world, &id).await?, faults: Faults::default() }))
}

/// The code from the SMS as it is typed.
#[derive(Debug, Deserialize, ToSchema)]
struct RegistrationCodeInput {
    /// Six digits from the SMS.
    #[serde(default)]
    code: String,
}

async fn prove_phone(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    frame: Frame,
    Form(RegistrationCodeInput { code }): Form<RegistrationCodeInput>,
) -> Result<Response, Problem> {
    match attempt(&world, |state, now, _| state.portal.prove_phone(&id, &code, now)).await? {
        Ok(()) => Ok(see_other(&world_url, &format!("/registration/{id}"))),
        Err(RegistrationError::Code(error)) => {
            let (registration, faults) = (view(&world, &id).await?, Faults::one("code", error.to_string()));
            Ok(Page(ProofPage { frame, registration, faults }).with(StatusCode::CONFLICT))
        }
        Err(error) => Err(error.into()),
    }
}

/// The secret in the letter's link.
#[derive(Debug, Deserialize, ToSchema)]
struct LetterInput {
    /// As the link says.
    #[serde(default)]
    letter: String,
}

async fn follow(world: &World<Gosuslugi>, id: &str, letter: &str) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut _| {
        Ok::<_, RegistrationError>((state.portal.prove_email(id, letter, now)?, ()))
    };
    Ok(world.act(decide).await?)
}

/// Handles the link of the e-mail: opening it proves the address.
async fn prove_email(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    Query(LetterInput { letter }): Query<LetterInput>,
) -> Result<Response, Problem> {
    follow(&world, &id, &letter).await?;
    Ok(see_other(&world_url, &format!("/registration/{id}")))
}

/// What to send again.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
struct RegistrationAgainInput {
    /// `sms` or `email`.
    channel: Channel,
}

async fn send_again(world: &World<Gosuslugi>, id: &str, channel: Channel) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, rng: &mut _| {
        Ok::<_, RegistrationError>((state.portal.send_proof_again(id, channel, now, rng)?, ()))
    };
    Ok(world.act(decide).await?)
}

async fn again(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    Form(RegistrationAgainInput { channel }): Form<RegistrationAgainInput>,
) -> Result<Response, Problem> {
    send_again(&world, &id, channel).await?;
    Ok(see_other(&world_url, &format!("/registration/{id}")))
}

/// A password as it is typed.
#[derive(Debug, Deserialize, ToSchema)]
struct RegistrationPasswordInput {
    /// A password of 8 to 100 characters.
    #[serde(default)]
    password: String,
    /// The same again.
    #[serde(default)]
    repeated: String,
}

async fn finish(world: &World<Gosuslugi>, id: &str, password: &str) -> Result<esia::Oid, Problem> {
    Ok(world.act(|state, now, _| state.portal.complete_registration(id, password, now)).await?)
}

async fn complete(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    frame: Frame,
    Form(input): Form<RegistrationPasswordInput>,
) -> Result<Response, Problem> {
    match read_password(&input.password, &input.repeated) {
        Ok(password) => {
            finish(&world, &id, password).await?;
            Ok(Page(DonePage { frame }).into_response())
        }
        Err(faults) => {
            let registration = view(&world, &id).await?;
            Ok(Page(ProofPage { frame, registration, faults }).with(StatusCode::BAD_REQUEST))
        }
    }
}

/// Begins a registration: an SMS with a code goes to the phone, a letter with a link to the e-mail.
#[utoipa::path(post, path = "/lk/api/registration", tag = "registration", request_body = StartInput,
    responses((status = 201, body = RegistrationView), (status = 400), (status = 409)))]
async fn api_start(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Json(input): Json<StartInput>,
) -> Result<(StatusCode, Json<RegistrationView>), Problem> {
    let id = begin(&world, &input.read()?).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &id).await?)))
}

/// What a registration still waits for.
#[utoipa::path(get, path = "/lk/api/registration/{id}", tag = "registration",
    responses((status = 200, body = RegistrationView), (status = 409)))]
async fn api_show(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
) -> Result<Json<RegistrationView>, Problem> {
    Ok(Json(view(&world, &id).await?))
}

/// The code from the SMS.
#[utoipa::path(post, path = "/lk/api/registration/{id}/code", tag = "registration", request_body = RegistrationCodeInput,
    responses((status = 200, body = RegistrationView), (status = 400), (status = 409)))]
async fn api_prove_phone(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    Json(RegistrationCodeInput { code }): Json<RegistrationCodeInput>,
) -> Result<Json<RegistrationView>, Problem> {
    attempt(&world, |state, now, _| state.portal.prove_phone(&id, &code, now)).await??;
    Ok(Json(view(&world, &id).await?))
}

/// The secret of the letter's link.
#[utoipa::path(post, path = "/lk/api/registration/{id}/email", tag = "registration", request_body = LetterInput,
    responses((status = 200, body = RegistrationView), (status = 409)))]
async fn api_prove_email(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    Json(LetterInput { letter }): Json<LetterInput>,
) -> Result<Json<RegistrationView>, Problem> {
    follow(&world, &id, &letter).await?;
    Ok(Json(view(&world, &id).await?))
}

/// Another SMS or letter; the earlier one no longer works.
#[utoipa::path(post, path = "/lk/api/registration/{id}/again", tag = "registration", request_body = RegistrationAgainInput,
    responses((status = 204), (status = 409)))]
async fn api_again(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    Json(RegistrationAgainInput { channel }): Json<RegistrationAgainInput>,
) -> Result<StatusCode, Problem> {
    send_again(&world, &id, channel).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A new account.
#[derive(Debug, Serialize, ToSchema)]
struct NewView {
    /// Number of the new account.
    oid: u64,
}

/// The password: the account is there, упрощённая.
#[utoipa::path(post, path = "/lk/api/registration/{id}/password", tag = "registration", request_body = RegistrationPasswordInput,
    responses((status = 201, body = NewView), (status = 400), (status = 409)))]
async fn api_complete(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Path(id): Path<String>,
    Json(input): Json<RegistrationPasswordInput>,
) -> Result<(StatusCode, Json<NewView>), Problem> {
    let oid = finish(&world, &id, read_password(&input.password, &input.repeated)?).await?;
    Ok((StatusCode::CREATED, Json(NewView { oid: oid.get() })))
}
