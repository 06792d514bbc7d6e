//! Start and stop, and the connections in between.

mod bound;
mod crowd;

pub use bound::{Bound, Running};
pub(crate) use crowd::Lease;
