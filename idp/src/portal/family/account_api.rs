//! JSON endpoints of «Создать», the creation of a child's account.

use axum::{extract::Path, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{InWorld, Json, Problem};
use worlds::World;

use super::{
    ChildAccountError, OwnCard, ReachInput,
    account_pages::{
        ChildAccountCodeInput, ChildAccountPasswordInput, Token, cancel, enter_code, finish, follow, send_letter,
        send_sms, start,
    },
    handlers::view,
    view::{CardView, DraftView},
};
use crate::{portal::accounts::SignedIn, state::Gosuslugi};

pub(super) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_draft, api_start, api_cancel))
        .routes(routes!(api_letter))
        .routes(routes!(api_email))
        .routes(routes!(api_phone))
        .routes(routes!(api_sms))
        .routes(routes!(api_finish))
}

async fn draft(world: &World<Gosuslugi>, OwnCard { card, guardian }: OwnCard) -> Result<Json<DraftView>, Problem> {
    let look = |state: &Gosuslugi, _| {
        let card = state.portal.family.own(card, guardian)?;
        state.portal.draft(card.id).map(DraftView::from).ok_or(ChildAccountError::NotStarted)
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
) -> Result<Json<DraftView>, Problem> {
    draft(&world, OwnCard::new(id, me.oid())).await
}

/// «Создать»: the child's data. A letter and an SMS go out.
#[utoipa::path(post, path = "/lk/api/family/{id}/account", tag = "family", request_body = ReachInput,
    responses((status = 202, body = DraftView), (status = 400), (status = 404), (status = 409)))]
async fn api_start(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<ReachInput>,
) -> Result<(StatusCode, Json<DraftView>), Problem> {
    start(&world, OwnCard::new(id, me.oid()), &input).await?;
    Ok((StatusCode::ACCEPTED, draft(&world, OwnCard::new(id, me.oid())).await?))
}

/// Drops what was entered, to enter other data.
#[utoipa::path(delete, path = "/lk/api/family/{id}/account", tag = "family",
    responses((status = 204), (status = 404), (status = 409)))]
async fn api_cancel(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    cancel(&world, OwnCard::new(id, me.oid())).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another letter; the link of the former one is dead.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/email/again", tag = "family",
    responses((status = 202, body = DraftView), (status = 404), (status = 409)))]
async fn api_letter(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<DraftView>), Problem> {
    send_letter(&world, OwnCard::new(id, me.oid())).await?;
    Ok((StatusCode::ACCEPTED, draft(&world, OwnCard::new(id, me.oid())).await?))
}

/// The code from the SMS.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/phone", tag = "family", request_body = ChildAccountCodeInput,
    responses((status = 200, body = DraftView), (status = 400), (status = 404), (status = 409)))]
async fn api_phone(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<ChildAccountCodeInput>,
) -> Result<Json<DraftView>, Problem> {
    enter_code(&world, OwnCard::new(id, me.oid()), &input).await?;
    draft(&world, OwnCard::new(id, me.oid())).await
}

/// Another SMS; the former code is dead.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/phone/again", tag = "family",
    responses((status = 202, body = DraftView), (status = 404), (status = 409)))]
async fn api_sms(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<(StatusCode, Json<DraftView>), Problem> {
    send_sms(&world, OwnCard::new(id, me.oid())).await?;
    Ok((StatusCode::ACCEPTED, draft(&world, OwnCard::new(id, me.oid())).await?))
}

/// The password, once everything is confirmed: the account is made and bound.
#[utoipa::path(post, path = "/lk/api/family/{id}/account/password", tag = "family", request_body = ChildAccountPasswordInput,
    responses((status = 201, body = CardView), (status = 400), (status = 404), (status = 409)))]
async fn api_finish(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Json(input): Json<ChildAccountPasswordInput>,
) -> Result<(StatusCode, Json<CardView>), Problem> {
    finish(&world, OwnCard::new(id, me.oid()), &input).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &me, id).await?)))
}

/// What a letter's link confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct EmailView {
    /// The child's e-mail.
    email: String,
}

/// The secret of the letter's link: whoever reads that mail follows it, signed in or not.
#[utoipa::path(post, path = "/lk/api/child-account/email", tag = "family", request_body = Token,
    responses((status = 200, body = EmailView), (status = 409)))]
async fn api_email(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    Json(token): Json<Token>,
) -> Result<Json<EmailView>, Problem> {
    Ok(Json(EmailView { email: follow(&world, &token).await? }))
}
