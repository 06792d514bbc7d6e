//! `eTag`: the hash that an entity carries of itself.

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    Address, Collection, Contact, Document, Employee, Group, Kid, Organisation, Person, RegContext, SubjectInfo,
    Vehicle,
};

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
