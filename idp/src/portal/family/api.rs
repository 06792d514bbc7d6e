//! JSON endpoints of «Семья и дети», with the same actions as its pages.

use axum::{extract::Path, http::StatusCode};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, Problem};
use worlds::World;
use worlds::moscow::date;

use super::{
    AutoUpdate, CardInput, CertificateInput, Faults,
    handlers::{
        drop_certificate, put_card, put_certificate, put_paper, send, start_check, switch_off, switch_on, view,
    },
    input::{Marked, PaperInput, paper},
    view::CardView,
};
use crate::{portal::accounts::SignedIn, state::Gosuslugi};

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_list, api_add))
        .routes(routes!(api_check_marked))
        .routes(routes!(api_auto_update, api_auto_update_on, api_auto_update_off))
        .routes(routes!(api_card))
        .routes(routes!(api_check))
        .routes(routes!(api_enter_certificate, api_delete_certificate))
        .routes(routes!(api_enter_paper, api_delete_paper))
}

async fn all(world: &World<Gosuslugi>, me: &SignedIn) -> Result<Json<Vec<CardView>>, Problem> {
    let list = |state: &Gosuslugi, now| {
        state.portal.family.of(me.oid()).map(|card| CardView::of(state, card, date(now))).collect()
    };
    Ok(Json(world.read(list).await?))
}

/// Cards of one's children.
#[utoipa::path(get, path = "/lk/api/family", tag = "family", responses((status = 200, body = [CardView])))]
async fn api_list(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<Vec<CardView>>, Problem> {
    all(&world, &me).await
}

/// Adds a child.
#[utoipa::path(post, path = "/lk/api/family", tag = "family", request_body = CardInput,
    responses((status = 201, body = CardView), (status = 400), (status = 409)))]
async fn api_add(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(input): Json<CardInput>,
) -> Result<(StatusCode, Json<CardView>), Problem> {
    let card = put_card(&world, &me, &input.read()?).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &me, card.0).await?)))
}

/// «Отправить»: has the marked cards checked, all or none.
#[utoipa::path(post, path = "/lk/api/family/check", tag = "family", request_body = Marked,
    responses((status = 202, body = [CardView]), (status = 404), (status = 409)))]
async fn api_check_marked(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(marked): Json<Marked>,
) -> Result<(StatusCode, Json<Vec<CardView>>), Problem> {
    send(&world, &me, &marked).await?;
    Ok((StatusCode::ACCEPTED, all(&world, &me).await?))
}

async fn auto_update(world: &World<Gosuslugi>, me: &SignedIn) -> Result<Json<AutoUpdate>, Problem> {
    Ok(Json(world.read(|state, _| state.portal.auto_update(me.oid())).await?))
}

/// How auto-update from ЗАГС stands.
#[utoipa::path(get, path = "/lk/api/family/auto-update", tag = "family", responses((status = 200, body = AutoUpdate)))]
async fn api_auto_update(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<AutoUpdate>, Problem> {
    auto_update(&world, &me).await
}

/// Switches auto-update on: the marked cards are checked, or all that have anything to check when none is marked.
#[utoipa::path(put, path = "/lk/api/family/auto-update", tag = "family", request_body = Marked,
    responses((status = 200, body = AutoUpdate), (status = 404), (status = 409)))]
async fn api_auto_update_on(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(marked): Json<Marked>,
) -> Result<Json<AutoUpdate>, Problem> {
    switch_on(&world, &me, &marked).await?;
    auto_update(&world, &me).await
}

/// Switches auto-update off, which takes its term.
#[utoipa::path(delete, path = "/lk/api/family/auto-update", tag = "family",
    responses((status = 200, body = AutoUpdate), (status = 409)))]
async fn api_auto_update_off(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
) -> Result<Json<AutoUpdate>, Problem> {
    switch_off(&world, &me).await?;
    auto_update(&world, &me).await
}

/// One card of «Семья и дети».
#[utoipa::path(get, path = "/lk/api/family/{id}", tag = "family", responses((status = 200, body = CardView), (status = 404)))]
async fn api_card(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<Json<CardView>, Problem> {
    Ok(Json(view(&world, &me, id).await?))
}

/// «Отправить»: has a card checked.
#[utoipa::path(post, path = "/lk/api/family/{id}/check", tag = "family",
    responses((status = 202, body = CardView), (status = 404), (status = 409)))]
async fn api_check(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<CardView>), Problem> {
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
) -> Result<Json<CardView>, Problem> {
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
) -> Result<Json<CardView>, Problem> {
    drop_certificate(&world, &me, id).await?;
    Ok(Json(view(&world, &me, id).await?))
}

/// Enters or changes a document: `snils`, `oms`, `inn`, `paternity` or `name-change`.
#[utoipa::path(put, path = "/lk/api/family/{id}/papers/{paper}", tag = "family", request_body = PaperInput,
    responses((status = 200, body = CardView), (status = 400), (status = 404), (status = 409)))]
async fn api_enter_paper(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path((id, code)): Path<(u64, String)>,
    Json(input): Json<PaperInput>,
) -> Result<Json<CardView>, Problem> {
    let paper = paper(&code)?;
    let value = paper.read(&input.value).map_err(|fault| Faults::one("value", fault))?;
    put_paper(&world, &me, id, paper, Some(value)).await?;
    Ok(Json(view(&world, &me, id).await?))
}

/// Deletes a document that is not confirmed.
#[utoipa::path(delete, path = "/lk/api/family/{id}/papers/{paper}", tag = "family",
    responses((status = 200, body = CardView), (status = 404), (status = 409)))]
async fn api_delete_paper(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path((id, code)): Path<(u64, String)>,
) -> Result<Json<CardView>, Problem> {
    put_paper(&world, &me, id, paper(&code)?, None).await?;
    Ok(Json(view(&world, &me, id).await?))
}
