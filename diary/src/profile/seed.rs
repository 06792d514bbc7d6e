//! `diary.profile` of a seed document: the name of a built-in profile, or a profile as an object.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::{Map, Value};

use super::schema::own_schema;

/// `diary.profile` of a seed: the name of a built-in profile, or a profile of one's own.
#[derive(Debug, Clone, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum ProfileSeed {
    /// A built-in one.
    Named(String),
    /// A profile in full, or what differs from the one that its `like` names.
    Own(#[schemars(schema_with = "own_schema")] Map<String, Value>),
}

impl Serialize for ProfileSeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Named(name) => name.serialize(serializer),
            Self::Own(profile) => profile.serialize(serializer),
        }
    }
}

struct ProfileVisitor;

impl<'de> de::Visitor<'de> for ProfileVisitor {
    type Value = ProfileSeed;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("имя встроенного профиля или свой профиль")
    }

    fn visit_str<E: de::Error>(self, name: &str) -> Result<ProfileSeed, E> {
        Ok(ProfileSeed::Named(name.to_owned()))
    }

    fn visit_map<A: de::MapAccess<'de>>(self, profile: A) -> Result<ProfileSeed, A::Error> {
        Map::deserialize(de::value::MapAccessDeserializer::new(profile)).map(ProfileSeed::Own)
    }
}

impl<'de> Deserialize<'de> for ProfileSeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ProfileVisitor)
    }
}
