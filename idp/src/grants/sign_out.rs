//! Sign-out: ends the session and notifies the clients that were issued tokens in it.

use std::sync::Arc;

use axum::{Router, http::StatusCode, response::Response, routing::post};
use chrono::{DateTime, Utc};
use utoipa_axum::{router::OpenApiRouter, routes};
use web::{Form, InWorld, NoFields, Problem, see_other};
use worlds::{World, WorldRng};

use super::backchannel::{logout_listeners, tell_listeners};
use crate::{
    event::Event,
    portal::accounts::{AccountEvent, MaybeSignedIn, SignedIn, signed_out},
    state::Gosuslugi,
};

/// Returns the route of the sign-out button.
pub(crate) fn pages() -> Router {
    Router::new().route("/logout", post(logout))
}

/// Returns the route of the JSON endpoint.
pub(crate) fn api() -> OpenApiRouter {
    OpenApiRouter::new().routes(routes!(api_logout))
}

/// Signs out: the session opens nothing any more.
#[utoipa::path(delete, path = "/lk/api/session", tag = "signing in", responses((status = 204)))]
async fn api_logout(InWorld { world, .. }: InWorld<Gosuslugi>, me: SignedIn) -> Result<StatusCode, Problem> {
    end(&world, Some(me)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends the browser's session, if there is one, and notifies the clients that have registered for back-channel logout.
pub(crate) async fn end(world: &Arc<World<Gosuslugi>>, signed_in: Option<SignedIn>) -> Result<(), Problem> {
    let Some(SignedIn { id, session }) = signed_in else { return Ok(()) };
    let ended = Event::Account(AccountEvent::SignedOut { oid: session.oid, session: id });
    let decide = |state: &Gosuslugi, now: DateTime<Utc>, rng: &mut WorldRng| {
        let listeners = logout_listeners(state, &session.sid, now, rng);
        Ok::<_, Problem>((vec![ended.clone()], listeners))
    };
    tell_listeners(world, world.act(decide).await?);
    Ok(())
}

async fn logout(
    InWorld { world, world_url }: InWorld<Gosuslugi>,
    MaybeSignedIn(signed_in): MaybeSignedIn,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    end(&world, signed_in).await?;
    Ok(signed_out(&world_url, see_other(&world_url, "/login")))
}
