//! What stands in a log: events of a world itself, and of its domain, told apart by their `type` alone.

use std::borrow::Cow;

use serde::{Deserialize, Serialize, Serializer, de::DeserializeOwned};

use crate::{Clock, WorldName, from_json};

/// An event of the world itself, or of its domain.
#[derive(Debug, Clone)]
pub(crate) enum LogEvent<E> {
    World(WorldEvent),
    Domain(E),
}

/// What happens to a world whatever it holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum WorldEvent {
    /// Its clock was moved, stopped or let run.
    ClockChanged { clock: Clock },
    /// Up to here it is the copy of another world, whose credentials are no good in it.
    Copied { from: WorldName },
}

/// Types that are the world's own.
const OF_WORLDS: [&str; 2] = ["clock-changed", "copied"];

/// The `type` of an event alone; the rest is skipped, not kept.
#[derive(Deserialize)]
struct Tag<'e> {
    #[serde(rename = "type", borrow, default)]
    kind: Option<Cow<'e, str>>,
}

impl<E: Serialize> Serialize for LogEvent<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::World(event) => event.serialize(serializer),
            Self::Domain(event) => event.serialize(serializer),
        }
    }
}

impl<E: DeserializeOwned> LogEvent<E> {
    /// Reads an event.
    ///
    /// # Errors
    /// What is wrong with it: its type, then the path, then the field.
    pub(crate) fn read(json: &str) -> Result<Self, String> {
        let kind = serde_json::from_str::<Tag>(json).ok().and_then(|tag| tag.kind);
        let read = match kind.as_deref() {
            Some(kind) if OF_WORLDS.contains(&kind) => read_json(json).map(Self::World),
            _ => read_json(json).map(Self::Domain),
        };
        read.map_err(|reason| kind.map_or_else(|| reason.clone(), |kind| format!("{kind}: {reason}")))
    }
}

/// The clock that an event has set, if it is one that does.
pub(crate) fn clock_of(json: &str) -> Option<Clock> {
    let kind = json.contains(OF_WORLDS[0]).then(|| serde_json::from_str::<Tag>(json).ok()?.kind)??;
    if kind != OF_WORLDS[0] {
        return None;
    }
    match serde_json::from_str(json).ok()? {
        WorldEvent::ClockChanged { clock } => Some(clock),
        WorldEvent::Copied { .. } => None,
    }
}

/// Reads a value that the program has written itself.
///
/// # Errors
/// What is wrong with it: the path, then why.
pub(crate) fn read_json<T: DeserializeOwned>(json: &str) -> Result<T, String> {
    from_json(json).map_err(|error| {
        // Only the `type` of such an event is known.
        if error.path == "type" { error.reason } else { error.to_string() }
    })
}
