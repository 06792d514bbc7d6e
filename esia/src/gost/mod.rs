//! ГОСТ Р 34.10-2012 with ГОСТ Р 34.11-2012 («Стрибог»), keys of 256 and 512 bits.
//!
//! Signing takes the same steps and reads the same memory whatever the key is; checking, where all is public, does not
//! bother. Keys are not wiped from memory: those of a stand guard nothing.

mod curve;
mod digest_check;
#[cfg(test)]
mod engine_tests;
mod key;
mod params;
mod signature;
#[cfg(test)]
mod tests;

pub use digest_check::DigestCheck;
pub use key::{PublicKey, SecretKey};
pub use params::ParamSet;
