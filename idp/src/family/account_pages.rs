//! «Создать» as pages and as JSON: the child's data, a letter, an SMS, a password.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Query, Trouble, date, see_other};
use worlds::{ActError, World};

use super::{
    CHILDRENS_MAIL, CardError, CardId, ChildAccountError, Faults, ReachInput,
    handlers::{NoFields, show_card, view},
    view::{CardView, DraftView},
};
use crate::{
    accounts::{SignedIn, check_password},
    state::{Event, Gosuslugi},
};

pub(super) fn pages() -> Router {
    Router::new()
        .route("/lk/family/{id}/account", get(account_page).post(start_page))
        .route("/lk/family/{id}/account/email/again", post(letter_page))
        .route("/lk/family/{id}/account/phone", post(phone_page))
        .route("/lk/family/{id}/account/phone/again", post(sms_page))
        .route("/lk/family/{id}/account/cancel", post(cancel_page))
        .route("/lk/family/{id}/account/password", post(finish_page))
        .route("/child-account/email", get(email_page))
}

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_draft, api_start, api_cancel))
        .routes(routes!(api_letter))
        .routes(routes!(api_phone))
        .routes(routes!(api_sms))
        .routes(routes!(api_finish))
}

/// A code from an SMS as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
struct CodeInput {
    /// Six digits.
    code: String,
}

/// A password as it is typed.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
struct PasswordInput {
    /// A password of 8 to 100 characters.
    password: String,
    /// The same again.
    repeated: String,
}

/// Why a step was not taken: fields that do not read, or a rule.
enum Refusal {
    Fields(Faults),
    Rule(ChildAccountError),
    Failed(Trouble),
}

impl From<Faults> for Refusal {
    fn from(faults: Faults) -> Self {
        Self::Fields(faults)
    }
}

impl From<ActError<ChildAccountError>> for Refusal {
    fn from(error: ActError<ChildAccountError>) -> Self {
        match error {
            ActError::Refused(error) => Self::Rule(error),
            store @ ActError::Store(_) => Self::Failed(store.into()),
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Fields(faults) => faults.into(),
            Refusal::Rule(error) => error.into(),
            Refusal::Failed(trouble) => trouble,
        }
    }
}

impl Refusal {
    /// What stands at the fields of the page; what concerns no field is a page of its own.
    fn faults(self) -> Result<Faults, Trouble> {
        match self {
            Self::Fields(faults) => Ok(faults),
            Self::Rule(error) if error.field().is_some() => Ok(error.into()),
            other => Err(other.into()),
        }
    }
}

type Ids = (CardId, esia::Oid);

fn ids(id: u64, me: &SignedIn) -> Ids {
    (CardId(id), me.oid())
}

async fn start(world: &World<Gosuslugi>, ids: Ids, input: &ReachInput) -> Result<(), Refusal> {
    let reach = input.read()?;
    Ok(world.act(|state, now, rng| Ok((state.start_child_account(ids, &reach, now, rng)?, ()))).await?)
}

async fn send_letter(world: &World<Gosuslugi>, (card, guardian): Ids) -> Result<(), Refusal> {
    Ok(world.act(|state, _, rng| Ok((state.resend_letter(card, guardian, rng)?, ()))).await?)
}

async fn send_sms(world: &World<Gosuslugi>, ids: Ids) -> Result<(), Refusal> {
    Ok(world.act(|state, now, rng| Ok((state.resend_code(ids, now, rng)?, ()))).await?)
}

async fn enter_code(world: &World<Gosuslugi>, ids: Ids, input: &CodeInput) -> Result<(), Refusal> {
    let outcome = world.act(|state, now, _| state.confirm_child_phone(ids, &input.code, now)).await?;
    outcome.map_err(|error| Refusal::Rule(error.into()))
}

async fn cancel(world: &World<Gosuslugi>, (card, guardian): Ids) -> Result<(), Refusal> {
    let decide = |state: &Gosuslugi, _, _: &mut worlds::WorldRng| {
        Ok::<(Vec<Event>, ()), ChildAccountError>((state.cancel_child_account(card, guardian)?, ()))
    };
    Ok(world.act(decide).await?)
}

async fn finish(world: &World<Gosuslugi>, ids: Ids, input: &PasswordInput) -> Result<(), Refusal> {
    check_password(&input.password, &input.repeated).map_err(|fault| Faults::one("password", fault))?;
    world.act(|state, now, _| state.finish_child_account(ids, input.password.clone(), now)).await?;
    Ok(())
}

#[derive(Template)]
#[template(path = "family/account.html")]
struct AccountPage {
    frame: Frame,
    card: CardView,
    draft: Option<DraftView>,
    input: ReachInput,
    faults: Faults,
}

impl AccountPage {
    /// The domain of «Детская почта».
    fn mail_domain() -> &'static str {
        CHILDRENS_MAIL
    }
}

async fn show(
    world: &World<Gosuslugi>,
    (card, guardian): Ids,
    frame: Frame,
    (input, faults): (ReachInput, Faults),
) -> Result<Page<AccountPage>, Trouble> {
    let look = |state: &Gosuslugi, now| {
        let card = state.family.own(card, guardian)?;
        state.offers_account(card, date(now))?;
        let draft = state.draft(card.id).map(DraftView::from);
        Ok::<_, CardError>((CardView::of(state, card, date(now)), draft, state.name_of(guardian)))
    };
    let (card, draft, who) = world.read(look).await??;
    Ok(Page(AccountPage { frame: frame.signed_in(who), card, draft, input, faults }))
}

async fn account_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<AccountPage>, Trouble> {
    show(&world, ids(id, &me), frame, Default::default()).await
}

/// Back to the page of the steps, or that page with what is wrong.
async fn after(
    done: Result<(), Refusal>,
    (world, place): (&World<Gosuslugi>, &web::Place),
    ids: Ids,
    (frame, input): (Frame, ReachInput),
) -> Result<Response, Trouble> {
    let Err(refusal) = done else {
        return Ok(see_other(place, &format!("/lk/family/{}/account", ids.0.0)));
    };
    let faults = refusal.faults()?;
    Ok(show(world, ids, frame, (input, faults)).await?.with(StatusCode::BAD_REQUEST))
}

async fn start_page(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<ReachInput>,
) -> Result<Response, Trouble> {
    let ids = ids(id, &me);
    after(start(&world, ids, &input).await, (&world, &place), ids, (frame, input)).await
}

async fn letter_page(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Trouble> {
    let ids = ids(id, &me);
    after(send_letter(&world, ids).await, (&world, &place), ids, (frame, ReachInput::default())).await
}

async fn sms_page(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Trouble> {
    let ids = ids(id, &me);
    after(send_sms(&world, ids).await, (&world, &place), ids, (frame, ReachInput::default())).await
}

async fn phone_page(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<CodeInput>,
) -> Result<Response, Trouble> {
    let ids = ids(id, &me);
    after(enter_code(&world, ids, &input).await, (&world, &place), ids, (frame, ReachInput::default())).await
}

async fn cancel_page(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Trouble> {
    cancel(&world, ids(id, &me)).await?;
    Ok(see_other(&place, &format!("/lk/family/{id}/account")))
}

async fn finish_page(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<PasswordInput>,
) -> Result<Response, Trouble> {
    let ids = ids(id, &me);
    let done = finish(&world, ids, &input).await;
    if done.is_err() {
        return after(done, (&world, &place), ids, (frame, ReachInput::default())).await;
    }
    let mut page = show_card(&world, &me, id, frame, Default::default()).await?;
    page.0.created = true;
    Ok(page.into_response())
}

#[derive(Debug, Deserialize)]
struct Token {
    #[serde(default)]
    token: String,
}

#[derive(Template)]
#[template(path = "family/email.html")]
struct EmailPage {
    frame: Frame,
    email: String,
}

/// The letter's link: whoever reads that mail follows it, signed in or not.
async fn email_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    Query(Token { token }): Query<Token>,
) -> Result<Page<EmailPage>, Trouble> {
    let email = world.act(|state, _, _| state.confirm_child_email(&token)).await?;
    Ok(Page(EmailPage { frame, email: email.to_string() }))
}

async fn draft(world: &World<Gosuslugi>, (card, guardian): Ids) -> Result<Json<DraftView>, Trouble> {
    let look = |state: &Gosuslugi, _| {
        let card = state.family.own(card, guardian)?;
        state.draft(card.id).map(DraftView::from).ok_or(ChildAccountError::NotStarted)
    };
    Ok(Json(world.read(look).await??))
}

/// The child's account that is being made, and what is still to be confirmed.
#[utoipa::path(get, path = "/lk/api/family/{id}/account", tag = "family",
    responses((status = 200, body = DraftView), (status = 404), (status = 409)))]
async fn api_draft(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<Json<DraftView>, Trouble> {
    draft(&world, ids(id, &me)).await
}

/// «Создать»: the child's data. A letter and an SMS go out.
#[utoipa::path(post, path = "/lk/api/family/{id}/account", tag = "family", request_body = ReachInput,
    responses((status = 202, body = DraftView), (status = 400), (status = 404), (status = 409)))]
async fn api_start(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<ReachInput>,
) -> Result<(StatusCode, Json<DraftView>), Trouble> {
    start(&world, ids(id, &me), &input).await?;
    Ok((StatusCode::ACCEPTED, draft(&world, ids(id, &me)).await?))
}

/// Drops what was entered, to enter other data.
#[utoipa::path(delete, path = "/lk/api/family/{id}/account", tag = "family",
    responses((status = 204), (status = 404), (status = 409)))]
async fn api_cancel(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Trouble> {
    cancel(&world, ids(id, &me)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another letter; the link of the former one is dead.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/email/again", tag = "family",
    responses((status = 202, body = DraftView), (status = 404), (status = 409)))]
async fn api_letter(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<DraftView>), Trouble> {
    send_letter(&world, ids(id, &me)).await?;
    Ok((StatusCode::ACCEPTED, draft(&world, ids(id, &me)).await?))
}

/// The code from the SMS.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/phone", tag = "family", request_body = CodeInput,
    responses((status = 200, body = DraftView), (status = 400), (status = 404), (status = 409)))]
async fn api_phone(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<CodeInput>,
) -> Result<Json<DraftView>, Trouble> {
    enter_code(&world, ids(id, &me), &input).await?;
    draft(&world, ids(id, &me)).await
}

/// Another SMS; the former code is dead.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/phone/again", tag = "family",
    responses((status = 202, body = DraftView), (status = 404), (status = 409)))]
async fn api_sms(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<DraftView>), Trouble> {
    send_sms(&world, ids(id, &me)).await?;
    Ok((StatusCode::ACCEPTED, draft(&world, ids(id, &me)).await?))
}

/// The password, once everything is confirmed: the account is made and bound.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/password", tag = "family", request_body = PasswordInput,
    responses((status = 201, body = CardView), (status = 400), (status = 404), (status = 409)))]
async fn api_finish(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<PasswordInput>,
) -> Result<(StatusCode, Json<CardView>), Trouble> {
    finish(&world, ids(id, &me), &input).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &me, id).await?)))
}
