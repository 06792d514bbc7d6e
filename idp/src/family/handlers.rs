//! «Семья и дети» as pages, and the same as JSON.

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Trouble, date, see_other};
use worlds::World;

use super::{AccountInput, Card, CardData, CardError, CardId, CardInput, CertificateInput, CheckStatus, Faults};
use crate::{accounts::SignedIn, state::Gosuslugi};

/// Pages of this domain.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/lk/family", get(list_page))
        .route("/lk/family/new", get(new_page).post(add))
        .route("/lk/family/{id}", get(card_page))
        .route("/lk/family/{id}/check", post(check))
        .route("/lk/family/{id}/certificate", post(enter_certificate))
        .route("/lk/family/{id}/certificate/delete", post(delete_certificate))
        .route("/lk/family/{id}/account", get(account_page).post(create_account))
}

/// JSON endpoints of this domain.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_list, api_add))
        .routes(routes!(api_card))
        .routes(routes!(api_check))
        .routes(routes!(api_enter_certificate, api_delete_certificate))
        .routes(routes!(api_create_account))
}

/// A card as it is shown.
#[expect(clippy::struct_excessive_bools, reason = "one for each button of the card")]
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CardView {
    /// Its number.
    id: u64,
    /// Surname, name, patronymic.
    name: String,
    /// Day of birth.
    born: NaiveDate,
    /// Birth certificate, if entered.
    certificate: Option<String>,
    /// How its check stands.
    certificate_status: CheckStatus,
    /// СНИЛС, if entered or found.
    snils: Option<String>,
    /// How its check stands.
    snils_status: CheckStatus,
    /// When the agencies will answer, while they check.
    answer_at: Option<DateTime<Utc>>,
    /// «Отправить» is shown.
    may_be_checked: bool,
    /// «Удалить данные свидетельства» is shown.
    may_lose_certificate: bool,
    /// «Создать» is shown.
    may_create: bool,
    /// Why it is not.
    create_refusal: Option<String>,
    /// «Привязать» is shown.
    may_bind: bool,
    /// The child's account, once it is bound to this guardian.
    account: Option<u64>,
}

impl CardView {
    fn of(state: &Gosuslugi, card: &Card, today: NaiveDate) -> Self {
        let account = state.bound_account(card);
        let offer = state.offers_account(card, today);
        Self {
            id: card.id.0,
            name: card.name.to_string(),
            born: card.born,
            certificate: card.certificate.value.as_ref().map(ToString::to_string),
            certificate_status: card.certificate.status,
            snils: card.snils.value.as_ref().map(ToString::to_string),
            snils_status: card.snils.status,
            answer_at: card.answer_at,
            may_be_checked: card.may_be_checked(),
            may_lose_certificate: card.may_lose_certificate(),
            may_create: offer.is_ok(),
            create_refusal: offer.err().filter(|_| account.is_none()).map(|error| error.to_string()),
            may_bind: state.offers_binding(card, today),
            account: account.map(esia::Oid::get),
        }
    }

    /// The colour that goes with a status.
    fn tone(status: CheckStatus) -> &'static str {
        match status {
            CheckStatus::Confirmed => "ok",
            CheckStatus::Checking | CheckStatus::Searching => "warn",
            CheckStatus::Entered => "",
            CheckStatus::NotInZags | CheckStatus::NotInSfr => "bad",
        }
    }
}

#[derive(Template)]
#[template(path = "family/list.html")]
struct ListPage {
    frame: Frame,
    cards: Vec<CardView>,
}

async fn list_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<ListPage>, Trouble> {
    let page = world
        .read(|state, now| ListPage {
            frame: frame.signed_in(state.name_of(me.oid())),
            cards: state.family.of(me.oid()).map(|card| CardView::of(state, card, date(now))).collect(),
        })
        .await?;
    Ok(Page(page))
}

#[derive(Template)]
#[template(path = "family/new.html")]
struct NewPage {
    frame: Frame,
    input: CardInput,
    faults: Faults,
}

async fn new_page(
    me: SignedIn,
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
) -> Result<Page<NewPage>, Trouble> {
    let frame = frame.signed_in(world.read(|state, _| state.name_of(me.oid())).await?);
    Ok(Page(NewPage { frame, input: CardInput::default(), faults: Faults::default() }))
}

async fn put_card(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    data: &CardData,
) -> Result<CardId, worlds::ActError<CardError>> {
    world.act(|state, now, _| state.add_card(me.oid(), data.clone(), date(now))).await
}

async fn add(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
    Form(input): Form<CardInput>,
) -> Result<Response, Trouble> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(data) => match put_card(&world, &me, &data).await {
            Ok(card) => return Ok(see_other(&place, &format!("/lk/family/{}", card.0))),
            Err(worlds::ActError::Refused(error)) => error.into(),
            Err(error) => return Err(error.into()),
        },
    };
    Ok(Page(NewPage { frame, input, faults }).with(StatusCode::BAD_REQUEST))
}

#[derive(Template)]
#[template(path = "family/card.html")]
struct CardPage {
    frame: Frame,
    card: CardView,
    input: CertificateInput,
    faults: Faults,
    created: bool,
}

async fn show_card(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    frame: Frame,
    (input, faults): (CertificateInput, Faults),
) -> Result<Page<CardPage>, Trouble> {
    let card = view(world, me, id).await?;
    let frame = frame.signed_in(world.read(|state, _| state.name_of(me.oid())).await?);
    Ok(Page(CardPage { frame, card, input, faults, created: false }))
}

async fn view(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<CardView, Trouble> {
    let look = |state: &Gosuslugi, now| {
        Ok::<_, CardError>(CardView::of(state, state.family.own(CardId(id), me.oid())?, date(now)))
    };
    Ok(world.read(look).await??)
}

async fn card_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<CardPage>, Trouble> {
    show_card(&world, &me, id, frame, Default::default()).await
}

/// Fields that carry nothing but the CSRF token.
#[derive(Debug, Deserialize)]
pub(crate) struct NoFields {}

async fn start_check(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Trouble> {
    Ok(world.act(|state, now, _| Ok::<_, CardError>((state.send_to_check(CardId(id), me.oid(), now)?, ()))).await?)
}

async fn drop_certificate(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Trouble> {
    Ok(world.act(|state, _, _| Ok::<_, CardError>((state.delete_certificate(CardId(id), me.oid())?, ()))).await?)
}

async fn put_certificate(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    certificate: &esia::BirthCertificate,
) -> Result<(), Trouble> {
    let decide = |state: &Gosuslugi, _, _: &mut worlds::WorldRng| {
        Ok::<_, CardError>((state.enter_certificate(CardId(id), me.oid(), certificate.clone())?, ()))
    };
    Ok(world.act(decide).await?)
}

async fn check(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Trouble> {
    start_check(&world, &me, id).await?;
    Ok(see_other(&place, &format!("/lk/family/{id}")))
}

async fn delete_certificate(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Trouble> {
    drop_certificate(&world, &me, id).await?;
    Ok(see_other(&place, &format!("/lk/family/{id}")))
}

async fn enter_certificate(
    InWorld { world, place }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<CertificateInput>,
) -> Result<Response, Trouble> {
    match input.read() {
        Ok(certificate) => {
            put_certificate(&world, &me, id, &certificate).await?;
            Ok(see_other(&place, &format!("/lk/family/{id}")))
        }
        Err(faults) => Ok(show_card(&world, &me, id, frame, (input, faults)).await?.with(StatusCode::BAD_REQUEST)),
    }
}

#[derive(Template)]
#[template(path = "family/account.html")]
struct AccountPage {
    frame: Frame,
    card: CardView,
    input: AccountInput,
    faults: Faults,
}

async fn account_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<AccountPage>, Trouble> {
    let look = |state: &Gosuslugi, now| {
        let card = state.family.own(CardId(id), me.oid())?;
        state.offers_account(card, date(now))?;
        Ok::<_, CardError>((CardView::of(state, card, date(now)), state.name_of(me.oid())))
    };
    let (card, who) = world.read(look).await??;
    Ok(Page(AccountPage {
        frame: frame.signed_in(who),
        card,
        input: AccountInput::default(),
        faults: Faults::default(),
    }))
}

type Logins = (esia::Email, Option<esia::Phone>, String);

async fn make_account(
    world: &World<Gosuslugi>,
    me: &SignedIn,
    id: u64,
    logins: &Logins,
) -> Result<esia::Oid, worlds::ActError<CardError>> {
    world
        .act(|state, now, _| {
            state.create_child_account(state.family.own(CardId(id), me.oid())?, logins.clone(), date(now))
        })
        .await
}

async fn create_account(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
    Form(input): Form<AccountInput>,
) -> Result<Response, Trouble> {
    let faults = match input.read() {
        Err(faults) => faults,
        Ok(logins) => match make_account(&world, &me, id, &logins).await {
            Ok(_) => {
                let mut page = show_card(&world, &me, id, frame, Default::default()).await?;
                page.0.created = true;
                return Ok(page.into_response());
            }
            Err(worlds::ActError::Refused(error)) if error.field().is_some() => error.into(),
            Err(error) => return Err(error.into()),
        },
    };
    let card = view(&world, &me, id).await?;
    Ok(Page(AccountPage { frame, card, input, faults }).with(StatusCode::BAD_REQUEST))
}

/// Cards of one's children.
#[utoipa::path(get, path = "/lk/api/family", tag = "family", responses((status = 200, body = [CardView])))]
async fn api_list(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<Vec<CardView>>, Trouble> {
    let list =
        |state: &Gosuslugi, now| state.family.of(me.oid()).map(|card| CardView::of(state, card, date(now))).collect();
    Ok(Json(world.read(list).await?))
}

/// Adds a child.
#[utoipa::path(post, path = "/lk/api/family", tag = "family", request_body = CardInput,
    responses((status = 201, body = CardView), (status = 400), (status = 409)))]
async fn api_add(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(input): Json<CardInput>,
) -> Result<(StatusCode, Json<CardView>), Trouble> {
    let card = put_card(&world, &me, &input.read()?).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &me, card.0).await?)))
}

/// A card.
#[utoipa::path(get, path = "/lk/api/family/{id}", tag = "family", responses((status = 200, body = CardView), (status = 404)))]
async fn api_card(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<Json<CardView>, Trouble> {
    Ok(Json(view(&world, &me, id).await?))
}

/// «Отправить»: has a card checked.
#[utoipa::path(post, path = "/lk/api/family/{id}/check", tag = "family",
    responses((status = 202, body = CardView), (status = 404), (status = 409)))]
async fn api_check(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<CardView>), Trouble> {
    start_check(&world, &me, id).await?;
    Ok((StatusCode::ACCEPTED, Json(view(&world, &me, id).await?)))
}

/// Enters the certificate's data again.
#[utoipa::path(put, path = "/lk/api/family/{id}/certificate", tag = "family", request_body = CertificateInput,
    responses((status = 200, body = CardView), (status = 400), (status = 404), (status = 409)))]
async fn api_enter_certificate(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<CertificateInput>,
) -> Result<Json<CardView>, Trouble> {
    put_certificate(&world, &me, id, &input.read()?).await?;
    Ok(Json(view(&world, &me, id).await?))
}

/// Deletes the certificate's data.
#[utoipa::path(delete, path = "/lk/api/family/{id}/certificate", tag = "family",
    responses((status = 200, body = CardView), (status = 404), (status = 409)))]
async fn api_delete_certificate(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<Json<CardView>, Trouble> {
    drop_certificate(&world, &me, id).await?;
    Ok(Json(view(&world, &me, id).await?))
}

/// «Создать»: makes the child's account.
#[utoipa::path(post, path = "/lk/api/family/{id}/account", tag = "family", request_body = AccountInput,
    responses((status = 201, body = CardView), (status = 400), (status = 404), (status = 409)))]
async fn api_create_account(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<AccountInput>,
) -> Result<(StatusCode, Json<CardView>), Trouble> {
    make_account(&world, &me, id, &input.read()?).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &me, id).await?)))
}
