//! The provider's keys: which sign, which are published, and what is planned for them.
//!
//! A world begins with the keys that come with the program, so that starting costs nothing, and changes them by events.

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
