//! Clients that the program was started with (`--client`, or `clients` of a settings file).

use serde_json::{Map, Value};
use worlds::{ActError, World, WorldError};

use super::{ClientEvent, ClientSpec, Origin};
use crate::{event::Event, state::Gosuslugi};

/// Writes the clients into the `gosuslugi` section of a seed, as `clients-of-settings`.
pub(crate) fn add_to(section: &mut Value, clients: &Value) {
    if clients.as_array().is_none_or(Vec::is_empty) {
        return;
    }
    if section.is_null() {
        *section = Value::Object(Map::new());
    }
    // A section that is not an object is reported when it is parsed.
    if let Some(fields) = section.as_object_mut() {
        fields.insert("clients-of-settings".to_owned(), clients.clone());
    }
}

/// Registers the clients in an existing world, if they are new there or differ from an earlier registration by
/// settings. A registration by the seed or the control API stays, and the log says so.
///
/// # Errors
/// Fails if the store fails.
pub(crate) async fn catch_up(world: &World<Gosuslugi>, clients: &[ClientSpec]) -> Result<(), WorldError> {
    if clients.is_empty() {
        return Ok(());
    }
    let decide = |state: &Gosuslugi, _, _: &mut _| {
        let mut events = Vec::new();
        for spec in clients {
            match state.clients.get(&spec.mnemonic) {
                Some(known) if known.spec == *spec => {}
                Some(known) if known.origin != Origin::Settings => {
                    tracing::warn!(client = %spec.mnemonic, world = %world.name(), registered_by = ?known.origin,
                        "the world has a registration of its own for this client: that of the settings is not used");
                }
                _ => {
                    let client = Box::new(spec.clone());
                    events.push(Event::Client(ClientEvent::Registered { client, origin: Origin::Settings }));
                }
            }
        }
        Ok::<_, std::convert::Infallible>((events, ()))
    };
    match world.act(decide).await {
        Ok(()) => Ok(()),
        Err(ActError::Refused(never)) => match never {},
        Err(ActError::Store(error)) => Err(error.into()),
    }
}
