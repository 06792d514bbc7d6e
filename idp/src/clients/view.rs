//! Registered clients as the control API and the console show them.

use chrono::{DateTime, Utc};
use esia::Mnemonic;
use esia::language::{pick, tr};
use web::{InWorld, Problem};

use super::{
    ClientEvent, ClientSpec, Origin,
    about::ClientView,
    settings::{Setting, settings},
};
use crate::{event::Event, state::Gosuslugi};

pub(super) fn parse(mnemonic: &str) -> Result<Mnemonic, Problem> {
    mnemonic.parse().map_err(|error: esia::ids::MnemonicError| Problem::bad_request("mnemonic", error.to_string()))
}

pub(super) fn unknown(mnemonic: &Mnemonic) -> Problem {
    Problem::not_found(tr!("Системы «{mnemonic}» в этом мире нет", "There is no client «{mnemonic}» in this world"))
        .or(pick("Список систем: GET /control/clients", "List of clients: GET /control/clients"))
}

/// Returns the views of all clients of a world.
pub(super) async fn shown(InWorld { world, world_url }: &InWorld<Gosuslugi>) -> Result<Vec<ClientView>, Problem> {
    let look = |state: &Gosuslugi, now: DateTime<Utc>| {
        state
            .clients
            .iter()
            .map(|client| ClientView::of(client, world.clock(), now, world.journal(), world_url))
            .collect()
    };
    Ok(world.read(look).await?)
}

/// Returns the view of one client.
///
/// # Errors
/// Returns a problem with status 404 if there is no such client.
pub(super) async fn shown_one(
    InWorld { world, world_url }: &InWorld<Gosuslugi>,
    mnemonic: &Mnemonic,
) -> Result<ClientView, Problem> {
    let look = |state: &Gosuslugi, now: DateTime<Utc>| {
        let client = state.clients.get(mnemonic)?;
        Some(ClientView::of(client, world.clock(), now, world.journal(), world_url))
    };
    world.read(look).await?.ok_or_else(|| unknown(mnemonic))
}

pub(super) fn registered(spec: &ClientSpec) -> Event {
    Event::Client(ClientEvent::Registered { client: Box::new(spec.clone()), origin: Origin::Control })
}

pub(super) async fn ready_settings(
    InWorld { world, world_url }: &InWorld<Gosuslugi>,
    mnemonic: &Mnemonic,
) -> Result<Vec<Setting>, Problem> {
    let look = |state: &Gosuslugi, _| {
        let client = state.clients.get(mnemonic)?;
        Some(settings(client, world_url, &state.portal.settings.iss))
    };
    world.read(look).await?.ok_or_else(|| unknown(mnemonic))
}
