//! Logins and refusals of a sign-in: pure rules (R002.5, R004.2).

use chrono::{DateTime, Utc};
use esia::{Email, Phone, Snils};

/// Login in one of its forms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Login {
    /// An e-mail address.
    Email(Email),
    /// A mobile phone.
    Phone(Phone),
    Snils(Snils),
}

impl Login {
    /// Parses the text of the field «Телефон / Email / СНИЛС». Eleven digits that begin with 7 or 8 may be a phone or a
    /// СНИЛС: both are returned, the phone first.
    pub(crate) fn candidates(text: &str) -> Vec<Self> {
        let text = text.trim();
        let email = text.parse().ok().map(Self::Email);
        let phone = text.parse().ok().map(Self::Phone);
        let snils = text.parse().ok().map(Self::Snils);
        [email, phone, snils].into_iter().flatten().collect()
    }
}

/// Reason why a sign-in is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SignInError {
    /// Unknown login or wrong password; the message does not tell which.
    #[error("Неверный логин или пароль")]
    Wrong,
    /// Too many wrong passwords in a row.
    #[error("Вход временно заблокирован: слишком много неверных паролей. Повторите после {}", worlds::moscow::date_time(*.until))]
    Locked { until: DateTime<Utc> },
}

impl SignInError {
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Wrong => "wrong-login",
            Self::Locked { .. } => "locked",
        }
    }
}
