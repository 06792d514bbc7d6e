//! Faults: what the provider does wrong on purpose, to try out how a client takes it.
//!
//! A fault has a name in the catalogue, and is set in a world for everybody, a client, a person or some requests. Handlers know
//! nothing of it: answers are changed on their way out, in `around`. A world without faults pays one look at an empty list.

mod act;
mod answer;
mod around;
mod arrived;
pub(crate) mod catalogue;
mod change;
mod event;
mod fault;
mod jwt;
mod keys;
mod occasion;
mod place;
mod resource;
mod state;
mod tell;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_answer;
#[cfg(test)]
mod token_tests;

pub(crate) use around::around;
pub(crate) use event::FaultEvent;
pub(crate) use fault::{Fault, SetBy};
pub(crate) use state::{Active, Faults};
pub(crate) use tell::sentence;
