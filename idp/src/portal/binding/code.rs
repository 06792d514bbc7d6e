//! Binding codes, shown to a guardian and entered by the child.

use std::{fmt, str::FromStr};

use chrono::{DateTime, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};
use subtle::ConstantTimeEq;

use super::RedeemError;

/// Binding code of six decimal digits. Secret: `Debug` prints `[redacted]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct BindingCode(String);

impl FromStr for BindingCode {
    type Err = RedeemError;

    fn from_str(text: &str) -> Result<Self, RedeemError> {
        let text = text.trim();
        let fits = text.len() == 6 && text.bytes().all(|digit| digit.is_ascii_digit());
        if fits { Ok(Self(text.to_owned())) } else { Err(RedeemError::NotACode) }
    }
}

impl BindingCode {
    /// Creates a code from six random digits.
    pub(super) fn drawn(digits: String) -> Self {
        Self(digits)
    }

    /// Compares two codes in constant time.
    pub(super) fn is(&self, other: &Self) -> bool {
        bool::from(self.0.as_bytes().ct_eq(other.0.as_bytes()))
    }
}

impl TryFrom<String> for BindingCode {
    type Error = RedeemError;

    fn try_from(text: String) -> Result<Self, RedeemError> {
        text.parse()
    }
}

impl From<BindingCode> for String {
    fn from(code: BindingCode) -> Self {
        code.0
    }
}

impl fmt::Debug for BindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl fmt::Display for BindingCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Binding code that waits to be entered in the child's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_field_names, reason = "a code is its digits and what they are for")]
pub(crate) struct Code {
    pub code: BindingCode,
    /// Guardian who requested the code.
    pub guardian: Oid,
    /// Child whose account the code binds.
    pub child: Oid,
    /// Expiry of the code.
    pub expires_at: DateTime<Utc>,
    /// Number of wrong codes entered in the child's account since it was issued.
    pub failures: u32,
}
