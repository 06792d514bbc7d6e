//! `gosuslugi.people`: who lives in a world, each described, and any number of others who are only there.

use std::{borrow::Cow, collections::BTreeMap, fmt, ops::Deref};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::SerializeMap as _,
};

use super::{document::Person, generate::MOST};

/// Who lives in a world, by a short name (a given name, as scenarios say it). `generate: N` among the names adds N people
/// whom nobody described; see [`super::generate`] for what they are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Residents {
    /// Who is described.
    pub described: BTreeMap<String, Person>,
    /// How many others there are.
    pub generated: u32,
}

/// The key that is nobody's name.
const GENERATE: &str = "generate";

impl Deref for Residents {
    type Target = BTreeMap<String, Person>;

    fn deref(&self) -> &Self::Target {
        &self.described
    }
}

impl Serialize for Residents {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        if self.generated > 0 {
            map.serialize_entry(GENERATE, &self.generated)?;
        }
        for (key, person) in &self.described {
            map.serialize_entry(key, person)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Residents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ResidentsVisitor)
    }
}

struct ResidentsVisitor;

impl<'de> Visitor<'de> for ResidentsVisitor {
    type Value = Residents;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("люди по именам")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Residents, A::Error> {
        let mut residents = Residents::default();
        while let Some(key) = map.next_key::<String>()? {
            if key != GENERATE {
                residents.described.insert(key, map.next_value()?);
                continue;
            }
            residents.generated = map.next_value()?;
            if residents.generated > MOST {
                return Err(A::Error::custom(format!("{GENERATE}: не больше {MOST}")));
            }
        }
        Ok(residents)
    }
}

impl JsonSchema for Residents {
    fn schema_name() -> Cow<'static, str> {
        "Residents".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let person = generator.subschema_for::<Person>();
        schemars::json_schema!({
            "description": "Кто живёт в мире, по коротким именам.",
            "type": "object",
            "properties": {
                GENERATE: {
                    "description": "Сколько ещё людей с подтверждёнными учётными записями: person-1@generated.test, person-2@generated.test…",
                    "type": "integer",
                    "minimum": 0,
                    "maximum": MOST,
                },
            },
            "additionalProperties": person,
        })
    }
}
