//! The state of a world at one of its events. With the events after it, it is the world: so opening a world costs the same
//! however long its log is, and the older part of a log may go.

use std::{
    io::{BufReader, BufWriter, Read as _, Take},
    sync::Arc,
};

use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::{DateTime, Utc};
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
    /// The number [`Domain::STATE_VERSION`](crate::Domain::STATE_VERSION) and the state as `MessagePack`, packed by DEFLATE
    /// (RFC 1951); in JSON as Base64.
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

/// Bytes that a state may take when it is unpacked: more than any that a server keeps, and less than its machine has.
const LARGEST: u64 = 1 << 30;

/// Reads a state.
type Reader<'s> = rmp_serde::Deserializer<
    rmp_serde::decode::ReadReader<BufReader<Take<DeflateDecoder<&'s [u8]>>>>,
    rmp_serde::config::HumanReadableConfig<rmp_serde::config::DefaultConfig>,
>;

/// Types write themselves as they do in JSON: some are events too.
pub(crate) fn reader(state: &[u8]) -> Reader<'_> {
    let unpacked = BufReader::new(DeflateDecoder::new(state).take(LARGEST));
    rmp_serde::Deserializer::new(unpacked).with_human_readable()
}

/// What is kept of a state, packed, and how many bytes it takes unpacked.
///
/// # Errors
/// A state that cannot be written down.
pub(crate) fn packed(state: &impl Serialize) -> Result<(Arc<[u8]>, usize), rmp_serde::encode::Error> {
    let mut packer = BufWriter::new(DeflateEncoder::new(Vec::new(), Compression::fast()));
    let mut writer = rmp_serde::Serializer::new(&mut packer).with_struct_map().with_human_readable();
    state.serialize(&mut writer)?;
    let wrong = |error: std::io::Error| rmp_serde::encode::Error::Syntax(error.to_string());
    let packer = packer.into_inner().map_err(|error| wrong(error.into()))?;
    let unpacked = usize::try_from(packer.total_in()).unwrap_or(usize::MAX);
    Ok((packer.finish().map_err(wrong)?.into(), unpacked))
}
