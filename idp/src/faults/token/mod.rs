//! Faults of signed tokens.

mod claims;
mod header;
mod signature;

pub(super) use claims::claims;
pub(super) use header::header;
pub(super) use signature::signature;
