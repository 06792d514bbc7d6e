//! Service centre (R004.7), which creates a card with a foreign document in a parent's account: JSON endpoint of the
//! control API and page for testers.

use askama::Template;
use axum::{Router, http::StatusCode, response::Response, routing::get};
use esia::language::pick;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, Frame, InWorld, Json, Page, Problem, ReaderLanguage};
use worlds::moscow::date;
use worlds::{ActError, World};

use super::{CardError, CardId, CardInput, Faults, view::CardView};
use crate::{portal::agencies::BirthKind, state::Gosuslugi};

pub(super) fn pages() -> Router {
    Router::new().route("/control/console/service-centre", get(page).post(make_page))
}

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(api_make))
}

/// A card that a service centre makes.
#[derive(Debug, Clone, Default, Deserialize, ToSchema)]
#[serde(default)]
struct CentreInput {
    /// The parent: a short name of the seed, or anything that signs in.
    guardian: String,
    /// Фамилия of the child.
    last: String,
    /// Имя of the child.
    first: String,
    /// Отчество; empty for none.
    middle: String,
    /// `M` or `F`.
    gender: String,
    /// Day of birth, `2012-05-17`.
    born: String,
    /// The foreign document, as it is written there.
    document: String,
    /// СНИЛС; empty to have it searched for.
    snils: String,
}

impl CentreInput {
    fn card(&self) -> CardInput {
        let Self { last, first, middle, gender, born, document, snils, .. } = self.clone();
        let kind = BirthKind::Foreign.code().to_owned();
        CardInput { last, first, middle, gender, born, kind, series: String::new(), number: document, snils }
    }
}

/// Creates the card, or returns the faults of the form fields.
async fn make(world: &World<Gosuslugi>, input: &CentreInput) -> Result<Result<CardId, Faults>, Problem> {
    let data = match input.card().read() {
        Ok(data) => data,
        Err(faults) => return Ok(Err(faults)),
    };
    let find = |state: &Gosuslugi, _| {
        let guardian = input.guardian.trim();
        let account = state
            .portal
            .cast
            .account(guardian, &state.portal.accounts)
            .or_else(|| state.portal.accounts.find(guardian));
        account.map(|account| account.oid)
    };
    let Some(guardian) = world.read(find).await? else {
        let told = pick("У такого человека нет учётной записи", "This person has no account");
        return Ok(Err(Faults::one("guardian", told)));
    };
    match world.act(|state, now, _| state.portal.make_card(guardian, data.clone(), date(now))).await {
        Ok(card) => Ok(Ok(card)),
        Err(ActError::Refused(error @ CardError::NotConfirmed)) => Ok(Err(Faults::one("guardian", error.to_string()))),
        Err(ActError::Refused(error)) if error.field().is_some() => Ok(Err(error.into())),
        Err(error) => Err(error.into()),
    }
}

/// A service centre makes a card with a foreign document about the birth in a parent's account. The parent goes on with it.
#[utoipa::path(post, path = "/control/service-centre/cards", tag = "people", request_body = CentreInput,
    responses((status = 201, body = CardView), (status = 400)))]
async fn api_make(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Json(input): Json<CentreInput>,
) -> Result<(StatusCode, Json<CardView>), Problem> {
    let id = make(&world, &input).await??;
    let look = |state: &Gosuslugi, now| {
        let card = state.portal.family.get(id).ok_or(CardError::Unknown)?;
        Ok::<_, CardError>(CardView::of(state, card, date(now)))
    };
    Ok((StatusCode::CREATED, Json(world.read(look).await??)))
}

#[derive(Template)]
#[template(path = "family/centre.html")]
struct CentrePage {
    frame: Frame,
    reads: ReaderLanguage,
    input: CentreInput,
    faults: Faults,
    done: bool,
}

async fn page(frame: Frame, reads: ReaderLanguage) -> Page<CentrePage> {
    Page(CentrePage { frame, reads, input: CentreInput::default(), faults: Faults::default(), done: false })
}

async fn make_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    frame: Frame,
    reads: ReaderLanguage,
    Form(input): Form<CentreInput>,
) -> Result<Response, Problem> {
    let (faults, status) = match make(&world, &input).await? {
        Ok(_) => (Faults::default(), StatusCode::OK),
        Err(faults) => (faults, StatusCode::BAD_REQUEST),
    };
    let done = faults.is_empty();
    Ok(Page(CentrePage { frame, reads, input, faults, done }).with(status))
}
