//! Rules for passwords: 8 to 100 characters.

use crate::input::Faults;

/// Reads a new password from its two form fields.
///
/// # Errors
/// The broken rule, as a fault of the field `password`.
pub(crate) fn read_password<'t>(password: &'t str, repeated: &str) -> Result<&'t str, Faults> {
    check_password(password, repeated).map(|()| password).map_err(|fault| Faults::one("password", fault))
}

/// Checks a new password and its repetition. The error is the message for the form field.
pub(crate) fn check_password(password: &str, repeated: &str) -> Result<(), &'static str> {
    if password.chars().count() < 8 {
        Err("Пароль должен быть не короче 8 знаков")
    } else if password.chars().count() > 100 {
        Err("Пароль должен быть не длиннее 100 знаков")
    } else if password != repeated {
        Err("Пароли не совпадают")
    } else {
        Ok(())
    }
}
