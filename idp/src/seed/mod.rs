//! The `gosuslugi` section of a seed document, and the state of a world made from it.

mod document;
mod generate;
#[cfg(test)]
mod generate_tests;
mod genesis;
mod people;

pub use document::Seed;
pub(crate) use document::Typed;
pub(crate) use genesis::genesis;
pub use people::Person;
pub(crate) use people::SeedAccount;
