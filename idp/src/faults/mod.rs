//! Faults: deliberate mistakes of the provider, for testing how a client reacts.
//!
//! A fault has a name in the catalogue, and is set in a world for everybody, a client, a person or some requests.
//! Handlers know nothing of it: `around` changes the responses on their way out. In a world without faults this costs
//! one check of an empty list.

mod act;
mod answer;
#[cfg(test)]
mod answer_tests;
mod around;
mod arrived;
mod by_state;
pub(crate) mod catalogue;
mod change;
mod discovery;
mod event;
mod fault;
mod jwt;
mod keys;
#[cfg(test)]
mod library_tests;
mod logout;
mod network;
mod occasion;
mod place;
mod public;
mod redirect;
mod resource;
mod response;
mod restored;
#[cfg(test)]
mod restored_tests;
#[cfg(test)]
mod scope_tests;
mod state;
mod taking;
mod tell;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_answer;
#[cfg(test)]
mod token_tests;

pub(crate) use around::around;
pub(crate) use event::FaultEvent;
pub(crate) use fault::{Fault, SetBy};
pub(crate) use logout::{logout_token, of_logout_token};
pub(crate) use state::{Active, Faults};
pub(crate) use taking::take;
pub(crate) use tell::sentence;
