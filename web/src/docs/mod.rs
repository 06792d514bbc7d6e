//! The documents of `docs/`, embedded: as pages under `/control/docs/`, and passages of them for whoever asks for a source, a
//! rule, an error code or a mistake.

mod explain;
mod library;
mod pages;
mod source;
#[cfg(test)]
mod tests;

pub use explain::{Unexplained, explain};
pub(crate) use pages::pages;
pub(crate) use source::{CitedPassage, citations};
