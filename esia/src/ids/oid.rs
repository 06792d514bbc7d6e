use std::{fmt, str::FromStr};

use crate::language::pick;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The number of an account (`oid`, claim `urn:esia:sbj_id`), a JSON number on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Oid(u64);

impl Oid {
    /// Any number is an account number.
    pub const fn new(number: u64) -> Self {
        Self(number)
    }

    /// The bare number.
    pub const fn get(self) -> u64 {
        self.0
    }
}

impl fmt::Display for Oid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Why a text is not an [`Oid`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OidError {
    /// The text is empty, or not of decimal digits.
    #[error("{}", pick("номер учётной записи состоит из одних цифр", "the number of an account has digits only"))]
    NotDigits,
    /// More than 64 bits.
    #[error("{}", pick("номер учётной записи слишком велик", "the number of the account is too large"))]
    TooLarge,
}

impl OidError {
    /// Stable name for logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotDigits => "oid-not-digits",
            Self::TooLarge => "oid-too-large",
        }
    }
}

impl FromStr for Oid {
    type Err = OidError;

    fn from_str(text: &str) -> Result<Self, OidError> {
        if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(OidError::NotDigits);
        }
        text.parse().map(Self).map_err(|_| OidError::TooLarge)
    }
}
