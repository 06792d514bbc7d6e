//! Faults of signed tokens.

pub(super) mod claims;
mod header;
mod signature;

pub(super) use claims::{ABOVE_2_TO_53, claims};
pub(super) use header::header;
pub(super) use signature::signature;
