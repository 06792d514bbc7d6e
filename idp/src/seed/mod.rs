//! The provider's section of a seed document, and the world that it makes.

mod document;
mod genesis;

pub use document::{Person, Seed};
pub(crate) use document::{SeedAccount, Typed};
pub(crate) use genesis::genesis;
