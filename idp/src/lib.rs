//! The mock Gosuslugi: the portal, its registered clients, and ЕСИА's protocols.
//!
//! `portal/` holds people, families, binding, consents and agencies; `clients/` who may ask; `protocols/` the wire.

mod clients;
mod control;
mod described;
mod domain;
mod event;
mod grants;
#[cfg(test)]
mod histories;
mod input;
mod jose;
mod keys;
#[doc(hidden)]
pub mod parsers;
mod portal;
mod protocols;
mod seed;
mod server;
mod settings;
mod slips;
mod state;
mod tell;
#[cfg(test)]
mod testing;

pub use clients::{Client, ClientSpec, Origin, certificates_of_file};
pub use portal::age;
pub use seed::{Person, Seed};
pub use server::{Options, server};
pub use state::Gosuslugi;
