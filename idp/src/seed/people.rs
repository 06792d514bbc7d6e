//! `gosuslugi.people` of a seed: people described one by one, and a number of generated people.

use std::{borrow::Cow, collections::BTreeMap, fmt, ops::Deref};

use chrono::NaiveDate;
use esia::{BirthCertificate, Email, FullName, Oid, Phone, Snils, language::tr, person::Gender};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error as _, MapAccess, Visitor},
    ser::SerializeMap as _,
};

use super::generate::MOST;
use crate::portal::{
    accounts::{Level, Passport, Profile, Role},
    agencies::BirthKind,
};

/// People of a world: those described, by a short key (a given name, as scenarios use it), and the number N of
/// `generate: N`, which adds N generated people; see [`super::generate`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Residents {
    /// Described people, by key.
    pub described: BTreeMap<String, Person>,
    /// Number of generated people.
    pub generated: u32,
}

/// Key that stands for the number of generated people instead of a person.
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
                return Err(A::Error::custom(tr!("{GENERATE}: не больше {MOST}", "{GENERATE}: at most {MOST}")));
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

/// Somebody who lives in the world. ЗАГС, СФР and МВД know what stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// Фамилия Имя Отчество.
    pub name: FullName,
    /// Who this is in the story, for the table of people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Пол: it also chooses the words on pages.
    pub gender: Gender,
    /// Day of birth: `2012-11-23` or `23.11.2012`.
    #[serde(deserialize_with = "worlds::day::deserialize_day")]
    pub born: NaiveDate,
    /// СНИЛС, up to 001-001-998: no real person has one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Birth certificate that ЗАГС knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<BirthCertificate>,
    /// Who issued that certificate; not `foreign`.
    #[serde(default, skip_serializing_if = "is_russian")]
    pub birth_certificate_kind: BirthKind,
    /// A foreign document about the birth, for who has no certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_birth_document: Option<String>,
    /// Свидетельство об отцовстве, as ЗАГС knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paternity_certificate: Option<BirthCertificate>,
    /// Свидетельство о перемене имени, as ЗАГС knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_change_certificate: Option<BirthCertificate>,
    /// Passport that МВД knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passport: Option<Passport>,
    /// Account on Gosuslugi, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<SeedAccount>,
    /// What goes wrong on purpose for whoever signs in as this person: the name of a fault, as `claim.aud-other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What else the account holds: further documents, addresses, vehicles.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
}

/// An account that is there from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedAccount {
    /// Its number; the next free one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<Oid>,
    /// E-mail, a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Mobile phone, a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Password of the account.
    pub password: String,
    /// How sure the state is of the owner.
    #[serde(default)]
    pub level: Level,
    /// The guardian who made it; binds it as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// Organisations that the person acts for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_russian(kind: &BirthKind) -> bool {
    *kind == BirthKind::Russian
}
