//! Data of people and organisations for clients at `/rs` (ESIA §4), and the mock's own endpoint at which a client
//! requests a consent.
//!
//! The scopes of the digital profile (ESIA §4.8, `esia::scope::DIGITAL_PROFILE`) would open data of other agencies. The
//! mock has no such data: these scopes can be requested and consented to, and open nothing here.

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
