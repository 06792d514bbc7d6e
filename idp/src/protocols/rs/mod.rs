//! `/rs`: data of people and organisations for systems (ESIA §4), and our own endpoint by which a client asks for a
//! consent.
//!
//! What the scopes of the digital profile (ESIA §4.8, `esia::scope::DIGITAL_PROFILE`) would open is data of other agencies. The
//! mock has none: they can be asked for and consented to, and open nothing here.

mod access;
mod answer;
mod described;
mod embed;
mod handlers;
mod kids;
mod model;
mod natural;
mod organisations;
mod parts;
mod permissions;
#[cfg(test)]
mod resource_tests;
mod routes;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use described::{Described, described, schemas};
pub(crate) use embed::embedded;
pub(crate) use routes::routes;
