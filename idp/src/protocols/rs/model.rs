//! Common parts of the responses of `/rs`: granted scopes, numbers, collections.

use std::collections::BTreeSet;

use esia::{
    Oid,
    person::{Address, Collection, Contact, Document, Employee, Group, Kid, Organisation, Role, Tagged, Vehicle},
};
use serde::Serialize;

use super::embed::Depth;

/// Names of the scopes of a token that consents in force still grant.
pub(super) type Granted = BTreeSet<String>;

/// Whether one of these scopes of a natural person is granted; `usr_inf` includes them all.
pub(super) fn has(granted: &Granted, any_of: &[&str]) -> bool {
    granted.contains("usr_inf") || any_of.iter().any(|name| granted.contains(*name))
}

/// Returns the number of an element, derived from its owner's number. It stays the same as long as the owner's elements
/// do.
pub(super) fn number(owner: Oid, place: u64) -> u64 {
    owner.get().wrapping_mul(100).wrapping_add(place)
}

/// Element with an address of its own.
pub(super) trait Keyed {
    /// Returns the last segment of the element's address.
    fn key(&self) -> String;
}

macro_rules! keyed {
    ($($type:ty: $field:ident),+) => {$(
        impl Keyed for $type {
            fn key(&self) -> String {
                self.$field.to_string()
            }
        }
    )+};
}
keyed!(Contact: id, Address: id, Document: id, Vehicle: id, Kid: id, Organisation: oid, Role: oid, Employee: prn_oid, Group: id);

/// Builds a collection for a response; `base` is the collection's own address.
pub(super) fn collection<T: Keyed + Serialize>(items: Vec<T>, depth: Depth, base: &str) -> Collection<T> {
    match depth {
        Depth::Elements => Collection::items(items),
        Depth::Links => Collection::links(items.iter().map(|item| format!("{base}/{}", item.key())).collect()),
    }
    .tagged()
}
