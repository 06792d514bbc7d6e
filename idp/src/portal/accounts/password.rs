//! What a password must be.

use crate::input::Faults;

/// A new password, read from its two fields.
///
/// # Errors
/// What is wrong, at `password`.
pub(crate) fn read_password<'t>(password: &'t str, repeated: &str) -> Result<&'t str, Faults> {
    check_password(password, repeated).map(|()| password).map_err(|fault| Faults::one("password", fault))
}

/// What a password must be; the message stands at its field.
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
