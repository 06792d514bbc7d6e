//! A map whose keys are not texts, as a list of pairs: JSON has no other. For `#[serde(with = "worlds::pairs")]`.

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Writes a map.
///
/// # Errors
/// Those of its keys and values.
pub fn serialize<'m, M, S: Serializer>(map: &'m M, serializer: S) -> Result<S::Ok, S::Error>
where
    &'m M: IntoIterator<Item: Serialize>,
{
    serializer.collect_seq(map)
}

/// Reads a map.
///
/// # Errors
/// What is not a list of pairs, and the errors of keys and values.
pub fn deserialize<'de, M, D: Deserializer<'de>>(deserializer: D) -> Result<M, D::Error>
where
    M: IntoIterator<Item: Deserialize<'de>> + FromIterator<M::Item>,
{
    Ok(Vec::deserialize(deserializer)?.into_iter().collect())
}
