//! Why a signature does not hold: what was signed instead, with whose key, and in which form it is written.
//!
//! Candidates for the string are compared with what the signature tells of it: an RSA signature and a CMS tell its hash,
//! so thousands cost nothing; a ГОСТ signature is computed anew for each, so their number is bounded.

mod candidates;
mod encoding;
mod evidence;
mod model;
mod search;
mod signer;
mod slip;
mod spellings;
#[cfg(test)]
mod tests;
mod times;
mod whole;

pub use encoding::Encoding;
pub use model::{Earlier, Explained, Mistake, Refused, Secret};
pub use search::explain;
pub use slip::{Slip, Spelling};
pub use whole::Whole;
