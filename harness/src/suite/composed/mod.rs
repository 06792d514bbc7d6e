//! Composed steps: other steps under a sentence of a team's own, in `.steps` files beside the scenarios or above them.

mod call;
mod check;
mod circles;
mod definition;
mod expand;
mod handed;
mod read;
mod sentence;
#[cfg(test)]
mod tests;
mod vocabulary;

pub(super) use check::check;
pub use definition::ComposedStep;
pub(super) use expand::expand_calls;
pub(super) use read::read;
pub use vocabulary::{Reading, Vocabulary};
