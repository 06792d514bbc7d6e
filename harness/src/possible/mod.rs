//! Finds the scenarios that foreign sides can play, before a run: each step knows what it needs, and the description of
//! a side says what it has.

mod data;
mod lack;
mod pages;
mod provider;
#[cfg(test)]
mod provider_tests;
mod scenario;
mod site;
mod steps;
#[cfg(test)]
mod tests;

pub use provider::mark_at_provider;
pub use scenario::mark;
pub use site::asking_a_site;
