//! The catalogue: every fault by its name, in one table.

mod all;
mod claims;
mod entry;
mod header;
mod signature;

pub use all::faults;
pub(crate) use all::{find, nearest};
pub use entry::{Entry, Parameter, Right};
