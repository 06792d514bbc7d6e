//! Certificates and keys, of RSA and ГОСТ: read once, then only used.

mod algorithm;
mod any_hash;
mod error;
mod generate;
mod hash_match;
mod key;
mod malformed;
mod opened;
mod pair;
mod pem;
mod read;
#[cfg(test)]
mod tests;
mod x509;

pub use algorithm::{Algorithm, Hash};
pub use any_hash::AnyHash;
pub use error::KeyError;
pub use generate::KeyKind;
pub use hash_match::{HashMatch, Hashed, Writing};
pub use key::{PublicKey, SigningKey};
pub use opened::{Opened, Pss};
pub use x509::Certificate;
