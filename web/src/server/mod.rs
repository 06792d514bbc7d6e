//! Start and stop, and the connections in between.

mod bound;
mod connection;
mod connections;
mod handshake;
mod transport;
mod wire;

pub use bound::{Bound, Running};
pub(crate) use connections::RequestGuard;
