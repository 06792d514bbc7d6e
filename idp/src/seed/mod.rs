//! The provider's section of a seed document, and the world that it makes.

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
