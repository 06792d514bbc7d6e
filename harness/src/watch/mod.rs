//! Files that are watched: which have changed, and which scenarios that concerns.

mod changes;
mod concerned;

pub use changes::{Changes, Watched};
pub use concerned::{Concerned, concerned};
