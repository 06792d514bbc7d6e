//! The catalogue of mistakes: for each stable name that a verdict may carry, what went wrong and how to mend it, in Russian
//! and English.
//!
//! A check names its mistakes as `id` or `id=value`, for instance `slip-missing=state`: the id stands in this catalogue, the
//! value says which (a parameter, a scope, a term such as `3h`). [`named`] writes a value so that the whole stays one word of
//! ASCII, percent-encoding what is not printable or would end the word. A check without a mistake is looked up by its rule.
//! Whoever adds a check adds its ids to one of the tables below; the rigs of `idp` and `web` fail on an id that is missing.

mod catalogue;
mod clients;
mod entry;
mod oidc;
mod people;
mod request;
mod signature;
mod slips;
mod term;
#[cfg(test)]
mod tests;
mod time;
mod tokens;

pub use esia::language::Language;

pub use catalogue::{all, find, named, split};
use entry::mistake;
pub use entry::{Mistake, Text};
pub use term::{in_words, short};
