//! The state of a world at one of its events. With the events after it, it is the world: so opening a world costs the same
//! however long its log is, and the older part of a log may go.

use std::{
    io::{BufWriter, Read as _},
    sync::Arc,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
use esia::language::pick;
use flate2::{Compression, read::DeflateDecoder, write::DeflateEncoder};
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
    /// The number [`Domain::STATE_VERSION`](crate::Domain::STATE_VERSION) and the state as JSON, packed by DEFLATE (RFC 1951);
    /// in JSON as Base64.
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
            return Err(pick("время события: год от 1 до 9999", "time of the event: a year from 1 to 9999").to_owned());
        }
        let state = unpacked(&self.state)?;
        times::check(&mut serde_json::Deserializer::from_str(&state)).map_err(|error| error.to_string())
    }
}

/// Bytes that a state may take when it is unpacked: more than any that a server keeps, and less than its machine has.
const LARGEST: u64 = 1 << 30;

/// A state as JSON, which [`packed`] made.
///
/// # Errors
/// What is packed otherwise, or is larger than any state.
pub(crate) fn unpacked(state: &[u8]) -> Result<String, String> {
    let mut text = String::new();
    let read = DeflateDecoder::new(state).take(LARGEST).read_to_string(&mut text);
    read.map(|_| text).map_err(|error| format!("state: {error}"))
}

/// What is kept of a state, packed, and how many bytes it takes unpacked.
///
/// # Errors
/// A state that cannot be written down.
pub(crate) fn packed(state: &impl Serialize) -> Result<(Arc<[u8]>, usize), serde_json::Error> {
    // Packed as it is written: as a whole it would take several times the memory of the state.
    let mut text = BufWriter::new(DeflateEncoder::new(Vec::new(), Compression::fast()));
    serde_json::to_writer(&mut text, state)?;
    let deflate = text.into_inner().map_err(|error| serde_json::Error::io(error.into_error()))?;
    let written = usize::try_from(deflate.total_in()).unwrap_or(usize::MAX);
    Ok((deflate.finish().map_err(serde_json::Error::io)?.into(), written))
}
