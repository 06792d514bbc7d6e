//! CMS `SignedData` (RFC 5652) with RSA or ГОСТ, as it comes in `client_secret` of the first version of the protocol.
//!
//! Read in BER and DER, detached and attached, with and without signed attributes: real clients send all of these.

mod inspect;
mod model;
mod sign;
#[cfg(test)]
mod tests;
mod verify;

pub use inspect::{AttributesForm, Inspected, inspect, is_bare_signed_data, signer_among};
pub use sign::sign_detached;
pub use verify::{CmsError, Verified, verify};
