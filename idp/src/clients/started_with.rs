//! Client systems that the program was started with.

use serde_json::{Map, Value};
use worlds::{ActError, World, WorldError};

use super::{ClientEvent, ClientSpec, Origin};
use crate::{event::Event, state::Gosuslugi};

/// Writes them into the provider's section of a seed, beside the systems that it names itself.
pub(crate) fn add_to(section: &mut Value, clients: &Value) {
    if clients.as_array().is_none_or(Vec::is_empty) {
        return;
    }
    if section.is_null() {
        *section = Value::Object(Map::new());
    }
    // A section that is none is told when it is read.
    if let Some(fields) = section.as_object_mut() {
        fields.insert("clients-of-settings".to_owned(), clients.clone());
    }
}

/// Brings a world that was there before up to date: what it has from earlier settings is registered anew where it differs.
/// What its seed or the control API has registered stays, and the log says so.
///
/// # Errors
/// The store's.
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
