//! What `/rs` answers (ESIA §4.3 to §4.7). A field whose scope was not granted is left out.

mod collection;
mod date;
mod document;
mod kid;
mod natural;
mod organisation;
mod parts;
#[cfg(test)]
mod tests;

pub use collection::{Collection, Elements};
pub use date::{WireDate, WireDateError};
pub use document::{Document, DocumentKind};
pub use kid::Kid;
pub use natural::{Person, PersonStatus, RegContext, SelfEmployed, SubjectInfo};
pub use organisation::{Employee, Group, Organisation, OrganisationKind, Role};
pub use parts::{Address, AddressKind, Contact, ContactKind, RegCertificate, Vehicle, Verification};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Entities that carry their own hash as `eTag`, 40 upper-case hex digits.
pub trait Tagged: Serialize + Sized {
    /// Where the tag stands.
    fn tag(&mut self) -> &mut Option<String>;

    /// With the tag computed from all the other fields: the first 20 bytes of SHA-256 of the JSON. How ЕСИА computes
    /// it is not public; clients only compare.
    #[must_use]
    fn tagged(mut self) -> Self {
        *self.tag() = None;
        // Values of these types always have a JSON form.
        let json = serde_json::to_vec(&self).unwrap_or_default();
        *self.tag() = Some(hex::encode_upper(&Sha256::digest(json)[..20]));
        self
    }
}

macro_rules! tagged {
    ($($type:ty),+) => {$(
        impl Tagged for $type {
            fn tag(&mut self) -> &mut Option<String> {
                &mut self.e_tag
            }
        }
    )+};
}
tagged!(Person, RegContext, SubjectInfo, Contact, Address, Document, Vehicle, Kid, Organisation, Employee, Group);

impl<T: Serialize> Tagged for Collection<T> {
    fn tag(&mut self) -> &mut Option<String> {
        &mut self.e_tag
    }
}

macro_rules! state_fact {
    ($name:ident, $wire:literal, $of:literal) => {
        #[doc = concat!("`stateFacts` of ", $of, ".")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            #[doc = concat!("`", $wire, "`.")]
            #[default]
            #[serde(rename = $wire)]
            $name,
        }
    };
}
state_fact!(EntityRoot, "EntityRoot", "a person or a document");
state_fact!(Identifiable, "Identifiable", "a contact, an address, a vehicle or a child's card");
state_fact!(HasSize, "hasSize", "a collection");

/// `M` or `F`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Gender {
    /// Male.
    M,
    /// Female.
    F,
}
