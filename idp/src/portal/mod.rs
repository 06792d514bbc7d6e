//! Portal of Gosuslugi: accounts, family, binding, consents, and the agencies that check documents.
//!
//! Each folder holds one subject: pure rules in `model.rs`, `decide.rs` and `*_rules.rs`, pages and JSON endpoints in
//! `handlers.rs` and `*_pages.rs`.

pub(crate) mod accounts;
mod age;
pub(crate) mod agencies;
mod agenda;
pub(crate) mod binding;
mod cast;
pub(crate) mod consents;
mod events;
pub(crate) mod family;
pub(crate) mod lk;
mod menu;
pub(crate) mod notices;
pub(crate) mod organisations;
pub(crate) mod outbox;
pub(crate) mod reserved;
mod state;

pub use age::age;
pub(crate) use agenda::Deadline;
pub(crate) use cast::Member;
pub(crate) use state::Portal;
