//! Compares two recordings: codes, times, ids, signatures and links differ in every run and are left out; the rest
//! shows how one provider differs from the other.

mod archive;
mod compare;
mod facts;
mod judged;
mod kind;
mod known;
mod shape;
#[cfg(test)]
mod tests;
mod told;

pub use archive::{ArchiveError, Recording};
pub use compare::{Comparison, Difference, compare};
pub use judged::Judged;
pub use known::KnownDifference;
pub(crate) use known::mistakes;
pub use told::{as_json, as_text};
