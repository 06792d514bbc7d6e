//! Start and stop, and the connections in between.

mod bound;
mod connections;
mod wire;

pub use bound::{Bound, Running};
pub(crate) use connections::RequestGuard;
