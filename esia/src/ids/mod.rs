//! Identifiers of people, documents and systems. Each is parsed once, at the edge, and then cannot be wrong.

mod birth_certificate;
mod email;
mod mnemonic;
mod name;
mod oid;
mod phone;
mod registry;
mod snils;
#[cfg(test)]
mod tests;

pub use birth_certificate::{BirthCertificate, BirthCertificateError};
pub use email::{Email, EmailError};
pub use mnemonic::{Mnemonic, MnemonicError};
pub use name::{FullName, NameError, NamePart};
pub use oid::{Oid, OidError};
pub use phone::{Phone, PhoneError};
pub use registry::{Inn, Kpp, Ogrn, RegistryError};
pub use snils::{Snils, SnilsError};

/// JSON and JSON Schema of a type that is written by `Display` and read by `FromStr`.
macro_rules! as_string {
    ($type:ty, $name:literal, $description:literal, $example:literal) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl schemars::JsonSchema for $type {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                $name.into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "description": $description, "examples": [$example] })
            }
        }
    };
}
pub(crate) use as_string;
