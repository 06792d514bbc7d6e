//! Two recordings compared: what codes, times, ids, signatures and links have in common is left out, and what is left says in what
//! one provider differs from the other.

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
