//! Certificates and RSA keys: read once, then only used.

mod key;
mod pem;
#[cfg(test)]
mod tests;
mod x509;

pub use key::{Hash, KeyError, PublicKey, SigningKey};
pub use x509::Certificate;
