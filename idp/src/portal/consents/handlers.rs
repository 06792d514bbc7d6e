//! Pages and JSON endpoints of «Согласия и доверенности».

use askama::Template;
use axum::{
    Router,
    extract::Path,
    http::StatusCode,
    response::Response,
    routing::{get, post},
};
use chrono::{DateTime, Utc};
use esia::Oid;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{ConfirmPage, Form, Frame, InWorld, Json, NoFields, Page, Problem, see_other};
use worlds::{World, moscow::date};

use super::{
    Consent, ConsentError, ConsentId, ConsentRequest, RequestId, RequestStatus, history_pages as history, portfolio,
    view::{system, words},
};
use crate::{portal::accounts::SignedIn, state::Gosuslugi};

/// Returns the routes of the pages of consents.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/lk/consents", get(list_page))
        .route("/lk/consents/history", get(history::history_page))
        .route("/lk/consents/{id}/revoke", get(ask_to_revoke).post(revoke_page))
        .route("/lk/consents/requests/{id}", get(request_page))
        .route("/lk/consents/requests/{id}/grant", post(grant_page))
        .route("/lk/consents/requests/{id}/refuse", post(refuse_page))
        .route("/lk/portfolio", get(portfolio::portfolio_page).post(portfolio::portfolio_grant))
}

/// Returns the routes of the JSON endpoints of consents.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(api_list))
        .routes(routes!(history::api_history))
        .routes(routes!(api_revoke))
        .routes(routes!(api_requests))
        .routes(routes!(api_grant))
        .routes(routes!(api_refuse))
        .routes(routes!(portfolio::api_portfolio, portfolio::api_portfolio_grant))
}

/// A consent in force.
#[derive(Debug, Serialize, ToSchema)]
struct ConsentView {
    /// Number of the consent.
    id: u64,
    /// Name of the person whose data it opens.
    subject: String,
    /// Mnemonic of the system.
    client: String,
    /// What the system is called.
    title: String,
    /// The organisation that runs it.
    organisation: String,
    /// Purpose, as the client has said it.
    purpose: String,
    /// Which data, in words.
    data: Vec<String>,
    /// Names of the scopes that it opens.
    scopes: Vec<String>,
    /// Name of the person who consented.
    given_by: String,
    /// Since when it is in force.
    given_at: DateTime<Utc>,
    /// Until when it is in force.
    expires_at: DateTime<Utc>,
}

/// A request for a consent.
#[derive(Debug, Serialize, ToSchema)]
struct RequestView {
    /// Number of the request.
    id: u64,
    /// Name of the person whose data it is for.
    subject: String,
    /// Mnemonic of the system.
    client: String,
    /// What the system is called.
    title: String,
    /// The organisation that runs it.
    organisation: String,
    /// Purpose, as the client has said it.
    purpose: String,
    /// Which data, in words.
    data: Vec<String>,
    /// When it was made.
    asked_at: DateTime<Utc>,
    /// Until when it may be granted.
    expires_at: DateTime<Utc>,
    /// `open`, `refused` (by you; you may still grant it), `granted` or `closed`.
    status: &'static str,
    /// Why it is closed, in words.
    closed: Option<&'static str>,
    /// Who granted it.
    granted_by: Option<String>,
}

impl RequestView {
    /// Whether the person may still grant the request.
    fn is_open(&self) -> bool {
        matches!(self.status, "open" | "refused")
    }
}

fn consent_view(state: &Gosuslugi, id: ConsentId, consent: &Consent) -> ConsentView {
    let (title, organisation) = system(state, &consent.client);
    ConsentView {
        id: id.0,
        subject: state.portal.name_of(consent.subject),
        client: consent.client.to_string(),
        title,
        organisation,
        purpose: consent.purpose.clone(),
        data: consent.scopes.iter().map(|scope| words(scope)).collect(),
        scopes: consent.scopes.iter().cloned().collect(),
        given_by: state.portal.name_of(consent.given_by),
        given_at: consent.given_at,
        expires_at: consent.expires_at,
    }
}

fn request_view(state: &Gosuslugi, id: RequestId, request: &ConsentRequest, me: Oid) -> RequestView {
    let (title, organisation) = system(state, &request.client);
    let (status, granted_by) = match &request.status {
        RequestStatus::Granted { by, .. } => ("granted", Some(state.portal.name_of(*by))),
        RequestStatus::Open { refused_by } if refused_by.contains(&me) => ("refused", None),
        RequestStatus::Open { .. } => ("open", None),
        RequestStatus::Closed { .. } => ("closed", None),
    };
    let closed = match &request.status {
        RequestStatus::Closed { why } => Some(why.text()),
        RequestStatus::Open { .. } | RequestStatus::Granted { .. } => None,
    };
    RequestView {
        id: id.0,
        subject: state.portal.name_of(request.subject),
        client: request.client.to_string(),
        title,
        organisation,
        purpose: request.purpose.clone(),
        data: request.scopes.iter().map(|scope| words(scope)).collect(),
        asked_at: request.asked_at,
        expires_at: request.expires_at,
        status,
        closed,
        granted_by,
    }
}

/// Returns the consents in force about a person and the children bound to the person.
fn consents(state: &Gosuslugi, me: Oid) -> Vec<ConsentView> {
    let subjects = std::iter::once(me).chain(state.portal.bindings.children_of(me));
    let all = subjects.flat_map(|subject| state.portal.consents.of(subject));
    all.map(|(id, consent)| consent_view(state, id, consent)).collect()
}

fn requests(state: &Gosuslugi, me: Oid) -> Vec<RequestView> {
    let newest = state.portal.consents.requests_to(me).take(100);
    newest.map(|(id, request)| request_view(state, id, request, me)).collect()
}

#[derive(Template)]
#[template(path = "consents/list.html")]
struct ListPage {
    frame: Frame,
    consents: Vec<ConsentView>,
    requests: Vec<RequestView>,
    is_child: bool,
}

async fn list_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<ListPage>, Problem> {
    let page = world
        .read(|state, now| ListPage {
            frame: frame.signed_in(state.portal.name_of(me.oid())),
            is_child: state.portal.is_child(me.oid(), date(now)),
            consents: consents(state, me.oid()),
            requests: requests(state, me.oid()).into_iter().filter(RequestView::is_open).collect(),
        })
        .await?;
    Ok(Page(page))
}

#[derive(Template)]
#[template(path = "consents/request.html")]
struct RequestPage {
    frame: Frame,
    request: RequestView,
}

async fn request_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<RequestPage>, Problem> {
    let look = |state: &Gosuslugi, _| {
        let request = state.portal.consents.request(RequestId(id)).filter(|request| request.to.contains(&me.oid()));
        let request = request.ok_or(ConsentError::Unknown)?;
        Ok::<_, ConsentError>((request_view(state, RequestId(id), request, me.oid()), state.portal.name_of(me.oid())))
    };
    let (request, who) = world.read(look).await??;
    Ok(Page(RequestPage { frame: frame.signed_in(who), request }))
}

async fn grant(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    Ok(world
        .act(|state, now, _| Ok::<_, ConsentError>((state.portal.grant_request(RequestId(id), me.oid(), now)?, ())))
        .await?)
}

async fn refuse(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    Ok(world
        .act(|state, _, _| Ok::<_, ConsentError>((state.portal.refuse_request(RequestId(id), me.oid())?, ())))
        .await?)
}

async fn revoke(world: &World<Gosuslugi>, me: &SignedIn, id: u64) -> Result<(), Problem> {
    Ok(world
        .act(|state, _, _| Ok::<_, ConsentError>((state.portal.revoke_consent(ConsentId(id), me.oid())?, ())))
        .await?)
}

async fn grant_page(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    grant(&world, &me, id).await?;
    Ok(see_other(&world_url, &format!("/lk/consents/requests/{id}")))
}

async fn refuse_page(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    refuse(&world, &me, id).await?;
    Ok(see_other(&world_url, &format!("/lk/consents/requests/{id}")))
}

/// Shows the confirmation page for revoking a consent.
async fn ask_to_revoke(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    frame: Frame,
) -> Result<Page<ConfirmPage>, Problem> {
    let look = |state: &Gosuslugi, _| {
        let own = consents(state, me.oid()).into_iter().find(|consent| consent.id == id);
        Ok::<_, ConsentError>((own.ok_or(ConsentError::Unknown)?, state.portal.name_of(me.oid())))
    };
    let (consent, who) = world.read(look).await??;
    Ok(Page(ConfirmPage {
        frame: frame.signed_in(who),
        tone: "",
        question: "Отозвать согласие?",
        about: format!("{}, для системы «{}»", consent.subject, consent.title),
        consequence: "Система больше не получит эти данные, а войти в неё без нового согласия не получится.",
        button: "Да, отозвать",
        action: format!("/lk/consents/{id}/revoke"),
        back: "/lk/consents".to_owned(),
    }))
}

async fn revoke_page(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    revoke(&world, &me, id).await?;
    Ok(see_other(&world_url, "/lk/consents"))
}

/// Consents in force: one's own, and those for one's children.
#[utoipa::path(get, path = "/lk/api/consents", tag = "consents", responses((status = 200, body = [ConsentView])))]
async fn api_list(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<Json<Vec<ConsentView>>, Problem> {
    Ok(Json(world.read(|state, _| consents(state, me.oid())).await?))
}

/// «Отозвать»: takes a consent back.
#[utoipa::path(delete, path = "/lk/api/consents/{id}", tag = "consents", responses((status = 204), (status = 404)))]
async fn api_revoke(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    revoke(&world, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Requests for consents that one may grant, newest first.
#[utoipa::path(get, path = "/lk/api/consents/requests", tag = "consents", responses((status = 200, body = [RequestView])))]
async fn api_requests(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
) -> Result<Json<Vec<RequestView>>, Problem> {
    Ok(Json(world.read(|state, _| requests(state, me.oid())).await?))
}

/// «Предоставить»: the consent that was asked for is given.
#[utoipa::path(post, path = "/lk/api/consents/requests/{id}/grant", tag = "consents",
    responses((status = 204), (status = 404), (status = 409)))]
async fn api_grant(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    grant(&world, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// «Отказать»: the request is closed without a consent.
#[utoipa::path(post, path = "/lk/api/consents/requests/{id}/refuse", tag = "consents",
    responses((status = 204), (status = 404), (status = 409)))]
async fn api_refuse(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Path(id): Path<u64>,
) -> Result<StatusCode, Problem> {
    refuse(&world, &me, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
