//! Composed steps: sentences of a team for sequences of other steps, in `.steps` files in the folder of the scenarios
//! or above it.

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
