//! Page and JSON endpoints of «Школьное портфолио»: consents given before a request (R001.1, R002.8).

use askama::Template;
use axum::{http::StatusCode, response::Response};
use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Form, Frame, InWorld, Json, Page, Problem, see_other};
use worlds::{World, moscow::date};

use super::{Beforehand, ConsentError};
use crate::{portal::accounts::SignedIn, state::Gosuslugi};

/// A system that a guardian may consent to for a child.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Offer {
    /// Number of the child's account.
    child: u64,
    /// The child's name.
    name: String,
    /// Mnemonic of the system.
    client: String,
    /// What the system is called.
    title: String,
    /// The organisation that runs it.
    organisation: String,
    /// Whether a consent is in force.
    granted: bool,
    /// Until when, if one is.
    until: Option<DateTime<Utc>>,
}

fn offers(state: &Gosuslugi, me: Oid) -> Vec<Offer> {
    let of_child = |child: Oid| {
        let systems = state.clients.iter().filter(|client| client.spec.school_portfolio);
        systems.map(move |client| Offer {
            child: child.get(),
            name: state.portal.name_of(child),
            client: client.spec.mnemonic.to_string(),
            title: client.spec.title.clone(),
            organisation: client.spec.organisation.clone(),
            granted: !state.portal.consents.scopes(child, &client.spec.mnemonic).is_empty(),
            until: {
                let theirs =
                    state.portal.consents.of(child).filter(|(_, consent)| consent.client == client.spec.mnemonic);
                theirs.map(|(_, consent)| consent.expires_at).max()
            },
        })
    };
    state.portal.bindings.children_of(me).flat_map(of_child).collect()
}

#[derive(Template)]
#[template(path = "consents/portfolio.html")]
pub(super) struct PortfolioPage {
    frame: Frame,
    offers: Vec<Offer>,
    is_child: bool,
}

pub(super) async fn portfolio_page(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    frame: Frame,
) -> Result<Page<PortfolioPage>, Problem> {
    let page = world
        .read(|state, now| PortfolioPage {
            is_child: state.portal.is_child(me.oid(), date(now)),
            frame: frame.signed_in(state.portal.name_of(me.oid())),
            offers: offers(state, me.oid()),
        })
        .await?;
    Ok(Page(page))
}

/// Which child and which system.
#[derive(Debug, Clone, Deserialize, ToSchema)]
pub(super) struct OfferInput {
    /// Number of the child's account.
    #[schema(value_type = u64)]
    child: Oid,
    /// Mnemonic of the system.
    #[schema(value_type = String)]
    client: Mnemonic,
    /// For how many days; the usual term when left out.
    #[serde(default)]
    days: Option<u32>,
}

async fn grant_offer(world: &World<Gosuslugi>, me: &SignedIn, offer: &OfferInput) -> Result<(), Problem> {
    let decide = |state: &Gosuslugi, now, _: &mut worlds::WorldRng| {
        Ok::<_, ConsentError>((
            state.portal.grant_beforehand(
                &state.clients,
                &Beforehand { guardian: me.oid(), child: offer.child, client: &offer.client, days: offer.days },
                now,
            )?,
            (),
        ))
    };
    Ok(world.act(decide).await?)
}

pub(super) async fn portfolio_grant(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    me: SignedIn,
    Form(offer): Form<OfferInput>,
) -> Result<Response, Problem> {
    grant_offer(&world, &me, &offer).await?;
    Ok(see_other(&world_url, "/lk/portfolio"))
}

/// «Школьное портфолио»: what one may consent to for one's children.
#[utoipa::path(get, path = "/lk/api/portfolio", tag = "consents", responses((status = 200, body = [Offer])))]
pub(super) async fn api_portfolio(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
) -> Result<Json<Vec<Offer>>, Problem> {
    Ok(Json(world.read(|state, _| offers(state, me.oid())).await?))
}

/// «Выдать согласие» beforehand.
#[utoipa::path(post, path = "/lk/api/portfolio", tag = "consents", request_body = OfferInput,
    responses((status = 204), (status = 400), (status = 409)))]
pub(super) async fn api_portfolio_grant(
    InWorld { world, .. }: InWorld<Gosuslugi>,
    me: SignedIn,
    Json(offer): Json<OfferInput>,
) -> Result<StatusCode, Problem> {
    grant_offer(&world, &me, &offer).await?;
    Ok(StatusCode::NO_CONTENT)
}
