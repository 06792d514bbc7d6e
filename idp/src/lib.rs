//! The mock Gosuslugi: accounts, the family, binding, consents, and ЕСИА's OAuth 2.0.
//!
//! Each folder is a domain with the same rooms: pure rules in `model.rs`, pages and JSON endpoints in `handlers.rs`.

pub mod accounts;
pub mod agencies;
pub mod binding;
pub mod clients;
pub mod consents;
mod control;
mod described;
pub mod family;
#[cfg(test)]
mod histories;
mod input;
mod lk;
mod login_api;
pub mod notices;
pub mod oauth;
pub mod oidc;
pub mod organisations;
pub mod outbox;
#[doc(hidden)]
pub mod parsers;
mod reserved;
mod rs;
mod seed;
mod server;
mod slips;
mod state;
mod tell;
#[cfg(test)]
mod testing;

pub use seed::{
    Binding, Cast, FamilyCard, Member, Person, Seed, SeedAccount, SeedConsent, Settings, TokenSettings, Typed,
};
pub use server::{Options, server};
pub use state::{Event, Gosuslugi, age};
