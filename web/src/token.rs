//! The secret that opens the control API.

use std::fmt;

use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

/// Shorter ones are told in the log, characters.
const SHORT: usize = 16;

/// The control token. Never blank; `Debug` does not show it.
#[derive(Clone)]
pub struct ControlToken(String);

impl ControlToken {
    /// A token; none when the text is empty or blank, for that is no secret.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The token itself, for whoever asks a server.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it can be guessed in reasonable time.
    pub(crate) fn is_short(&self) -> bool {
        self.0.chars().count() < SHORT
    }

    /// Whether this is the token. What is absent or empty never is.
    pub(crate) fn is(&self, given: Option<&str>) -> bool {
        given.is_some_and(|given| !given.is_empty() && bool::from(given.as_bytes().ct_eq(self.0.as_bytes())))
    }

    /// What the cookie of a browser that has given the token carries: it opens the same, and does not tell the token.
    pub(crate) fn cookie(&self, site: &str) -> String {
        hex::encode(Sha256::digest(format!("esia-stand control cookie\0{site}\0{}", self.0)))
    }

    /// Whether this is the value of that cookie.
    pub(crate) fn is_cookie(&self, site: &str, given: &str) -> bool {
        bool::from(given.as_bytes().ct_eq(self.cookie(site).as_bytes()))
    }
}

impl fmt::Debug for ControlToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}
