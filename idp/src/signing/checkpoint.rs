//! Serialization of a world's keys in its checkpoint, as [`RingRecord`].

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{key_ring::KeyRing, record::RingRecord};

/// Serializes the keys of a world.
///
/// # Errors
/// Fails if the serializer fails.
pub(crate) fn serialize<S: Serializer>(ring: &Arc<KeyRing>, serializer: S) -> Result<S::Ok, S::Error> {
    ring.record().serialize(serializer)
}

/// Deserializes the keys of a world.
///
/// # Errors
/// Fails if the record has another form, or if a key cannot be parsed.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<KeyRing>, D::Error> {
    KeyRing::restore(RingRecord::deserialize(deserializer)?).map_err(D::Error::custom)
}
