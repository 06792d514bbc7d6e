//! Faults of signed tokens.

pub(super) mod claims;
mod header;
mod signature;

pub(super) use claims::claims;
pub(super) use header::header;
pub(super) use signature::signature;
