//! Watched files: the changes, and the scenarios that they concern.

mod changes;
mod concerned;

pub use changes::{Changes, Watched};
pub use concerned::{Concerned, concerned};
