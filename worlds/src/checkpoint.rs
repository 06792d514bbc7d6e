//! The state of a world at one of its events. With the events after it, it is the world: so opening a world costs the same
//! however long its log is, and the older part of a log may go.

use std::{io::Cursor, sync::Arc};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::{Clock, times};

/// The state of a world at one of its events.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// Number of the last event that the state has taken in.
    pub seq: u64,
    /// When that was, by the world's clock.
    pub at: DateTime<Utc>,
    /// Where the world's random source stood then.
    pub rng: u64,
    /// How the clock ran then.
    pub clock: Clock,
    /// The state as `MessagePack`, after the number [`Domain::STATE_VERSION`]; in JSON as Base64.
    #[serde(serialize_with = "as_base64", deserialize_with = "from_base64")]
    pub state: Arc<[u8]>,
}

fn as_base64<S: Serializer>(state: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&BASE64_STANDARD.encode(state))
}

fn from_base64<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<[u8]>, D::Error> {
    let text = String::deserialize(deserializer)?;
    BASE64_STANDARD.decode(text).map(Arc::from).map_err(|error| D::Error::custom(format_args!("state: {error}")))
}

impl Checkpoint {
    /// Looks through the state for times that nobody could have recorded.
    ///
    /// # Errors
    /// A time outside of the years 1 to 9999, or a state that cannot be read at all.
    pub(crate) fn check_times(&self) -> Result<(), String> {
        if !times::is_in_bounds(self.at) {
            return Err("время события: год от 1 до 9999".to_owned());
        }
        times::check(&mut reader(&self.state)).map_err(|error| error.to_string())
    }
}

/// Reads a state.
type Reader<'s> = rmp_serde::Deserializer<
    rmp_serde::decode::ReadReader<Cursor<&'s [u8]>>,
    rmp_serde::config::HumanReadableConfig<rmp_serde::config::DefaultConfig>,
>;

/// Types write themselves as they do in JSON: some are events too.
pub(crate) fn reader(state: &[u8]) -> Reader<'_> {
    rmp_serde::Deserializer::new(Cursor::new(state)).with_human_readable()
}
