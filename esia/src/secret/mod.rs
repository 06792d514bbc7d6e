//! `client_secret`: which string is signed (ESIA §2.1), and how the signature is written (ESIA §2.5).
//!
//! Strings are UTF-8, joined without separators, values taken before URL encoding.

mod explain;
mod look;
#[cfg(test)]
mod look_tests;
mod order;
mod raw;
#[cfg(test)]
mod raw_tests;
mod signed;
mod wrapping;

pub use explain::{Earlier, Encoding, Explained, Mistake, Refused, Secret, Slip, Spelling, Whole, explain};
pub use look::{Wanted, is_cms, look};
pub use order::{Field, Order, Request};
pub use raw::{RawError, verify_raw};
pub use signed::{Signed, v1, v2_authorize, v3_client_credentials, v3_refresh, v3_refresh_token, v3_token};
pub use wrapping::Wrapping;

pub use crate::base64_any::{Base64Error, decode_base64_any};
