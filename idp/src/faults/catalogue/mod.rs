//! Catalogue of all faults, by name.

mod all;
mod authorization;
mod claims;
mod entry;
mod header;
mod keys;
mod logout;
mod network;
mod resource;
mod signature;
mod token_response;

pub use all::faults;
pub(crate) use all::{find, nearest};
pub use entry::{Entry, Parameter, Right};
