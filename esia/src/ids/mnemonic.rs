use std::{fmt, str::FromStr};

use super::as_string;
use crate::language::tr;

/// The mnemonic of an information system: its `client_id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mnemonic(String);

as_string!(Mnemonic, "Mnemonic", "Мнемоника информационной системы (client_id)", "DIARY-62");

impl Mnemonic {
    /// The mnemonic as it was registered.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Mnemonic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why a text is not a [`Mnemonic`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MnemonicError {
    /// Shorter than 2 or longer than 50 characters.
    #[error(
        "{}",
        tr!(
            "мнемоника содержит от 2 до 50 знаков, получено {got}",
            "a mnemonic has 2 to 50 characters, not {got}"
        )
    )]
    Length {
        /// How many characters there were.
        got: usize,
    },
    /// A character outside the alphabet.
    #[error(
        "{}",
        tr!(
            "в мнемонике допустимы заглавные латинские буквы, цифры, дефис и подчёркивание, а не «{_0}»",
            "a mnemonic has capital Latin letters, digits, hyphens and underscores, not «{_0}»"
        )
    )]
    Character(char),
}

impl MnemonicError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Length { .. } => "mnemonic-length",
            Self::Character(_) => "mnemonic-character",
        }
    }
}

impl FromStr for Mnemonic {
    type Err = MnemonicError;

    fn from_str(text: &str) -> Result<Self, MnemonicError> {
        let got = text.chars().count();
        if !(2..=50).contains(&got) {
            return Err(MnemonicError::Length { got });
        }
        match text.chars().find(|sign| !matches!(sign, 'A'..='Z' | '0'..='9' | '-' | '_')) {
            Some(sign) => Err(MnemonicError::Character(sign)),
            None => Ok(Self(text.to_owned())),
        }
    }
}
