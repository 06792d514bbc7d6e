//! What a password must be.

use super::check_password;
use crate::input::Faults;

/// A new password, read from its two fields.
///
/// # Errors
/// What is wrong, at `password`.
pub(super) fn read_password<'t>(password: &'t str, repeated: &str) -> Result<&'t str, Faults> {
    check_password(password, repeated).map(|()| password).map_err(|fault| Faults::one("password", fault))
}
