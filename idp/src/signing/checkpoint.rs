//! The keys of a world in its checkpoint: read and written as [`RingRecord`].

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{key_ring::KeyRing, record::RingRecord};

/// Writes the keys of a world down.
///
/// # Errors
/// The writer's.
pub(crate) fn serialize<S: Serializer>(ring: &Arc<KeyRing>, serializer: S) -> Result<S::Ok, S::Error> {
    ring.record().serialize(serializer)
}

/// Reads the keys of a world.
///
/// # Errors
/// When they are not those of a checkpoint, or a key cannot be read.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<KeyRing>, D::Error> {
    KeyRing::restore(RingRecord::deserialize(deserializer)?).map_err(D::Error::custom)
}
