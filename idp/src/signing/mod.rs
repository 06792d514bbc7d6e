//! Signing keys of the provider: which keys sign, which are published, and which changes are planned.
//!
//! A world begins with the built-in keys of the program, so that no key is generated at the start. Events change the
//! keys.

pub(crate) mod checkpoint;
mod counters;
mod event;
mod jwt;
mod key;
mod key_ring;
mod published;
mod record;
mod step;
#[cfg(test)]
mod tests;

pub(crate) use counters::register;
pub(crate) use event::KeyEvent;
pub(crate) use jwt::{Kind, OpenIdKey, at_hash, jwk, signature_only};
pub(crate) use key::{KeyPair, PROVIDER_SUBJECT, ProviderKey};
pub(crate) use key_ring::{Held, KeyRing};
pub(crate) use published::of_certificate;
pub(crate) use step::{KeyUse, Step};
