//! Certificates and keys, of RSA and ГОСТ: read once, then only used.

mod algorithm;
mod error;
mod generate;
mod hash_match;
mod key;
mod pem;
#[cfg(test)]
mod tests;
mod x509;

pub use algorithm::{Algorithm, Hash};
pub use error::KeyError;
pub use generate::KeyKind;
pub use hash_match::HashMatch;
pub use key::{PublicKey, SigningKey};
pub use x509::Certificate;
