//! Which scenarios foreign sides can play, found before a run: each step knows what it needs, a side's description what there is.

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
