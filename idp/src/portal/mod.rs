//! The portal: people and their accounts, the family, binding, consents, the agencies that check documents.
//!
//! A folder is a subject. Its pure rules stand in `model.rs` and `decide.rs`, its pages and JSON in `handlers.rs`.

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
