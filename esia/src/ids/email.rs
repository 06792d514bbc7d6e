use std::{fmt, str::FromStr};

use super::as_string;
use crate::language::pick;

/// An e-mail address, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Email(String);

as_string!(Email, "Email", "Адрес электронной почты", "anna@family.example");

impl Email {
    /// The address as it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the domain belongs to nobody (RFC 2606, RFC 6761).
    pub fn is_reserved(&self) -> bool {
        let domain = self.0.split_once('@').map_or("", |(_, domain)| domain);
        ["example", "test", "invalid", "localhost", "example.com", "example.net", "example.org"]
            .iter()
            .any(|reserved| domain.strip_suffix(reserved).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not an [`Email`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// No `@`, or more than one.
    #[error(
        "{}",
        pick("в адресе электронной почты должен быть ровно один знак «@»", "an e-mail address has exactly one «@»")
    )]
    At,
    /// More than 254 characters, or more than 64 before the `@`.
    #[error("{}", pick("адрес электронной почты слишком длинный", "the e-mail address is too long"))]
    TooLong,
    /// What stands before the `@`.
    #[error(
        "{}",
        pick(
            "до знака «@» допустимы латинские буквы, цифры и знаки . _ % + - (точка не с краю и не подряд)",
            "before «@» may be Latin letters, digits and . _ % + - (no dot at either end, no two in a row)"
        )
    )]
    Local,
    /// What stands after the `@`.
    #[error(
        "{}",
        pick(
            "после знака «@» ожидается имя домена латинскими буквами, например mail.example",
            "after «@» comes the name of a domain in Latin letters, for instance mail.example"
        )
    )]
    Domain,
}

impl EmailError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::At => "email-at",
            Self::TooLong => "email-too-long",
            Self::Local => "email-local",
            Self::Domain => "email-domain",
        }
    }
}

impl FromStr for Email {
    type Err = EmailError;

    fn from_str(text: &str) -> Result<Self, EmailError> {
        let (local, domain) = text.split_once('@').ok_or(EmailError::At)?;
        if domain.contains('@') {
            return Err(EmailError::At);
        }
        if text.len() > 254 || local.len() > 64 {
            return Err(EmailError::TooLong);
        }
        if !local.split('.').all(is_atom) {
            return Err(EmailError::Local);
        }
        let top = domain.rsplit('.').next().unwrap_or_default();
        if !domain.contains('.') || !domain.split('.').all(is_label) || !is_top_level(top) {
            return Err(EmailError::Domain);
        }
        Ok(Self(text.to_ascii_lowercase()))
    }
}

fn is_atom(atom: &str) -> bool {
    !atom.is_empty() && atom.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_%+-".contains(&byte))
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

fn is_top_level(label: &str) -> bool {
    label.len() >= 2 && !label.bytes().all(|byte| byte.is_ascii_digit())
}
