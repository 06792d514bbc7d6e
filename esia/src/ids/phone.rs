use std::{fmt, str::FromStr};

use super::as_string;
use crate::language::{pick, tr};

/// A Russian phone number. Written as ЕСИА does on the wire: `+7(900)1234567`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Phone([u8; 10]);

as_string!(Phone, "Phone", "Номер телефона: +7 или 8 и ещё 10 цифр", "+7(000)0000006");

impl Phone {
    /// Without brackets and spaces: `+79001234567`.
    pub fn bare(&self) -> String {
        format!("+7{}", self.digits())
    }

    /// Whether the number cannot be called: the area code 000, which ЕСИА's own test stand uses.
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with(&[0, 0, 0])
    }

    fn digits(&self) -> String {
        self.0.iter().map(|&digit| char::from(b'0' + digit)).collect()
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.digits();
        write!(f, "+7({}){}", &digits[..3], &digits[3..])
    }
}

/// Why a text is not a [`Phone`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// Starts neither with `+7` nor with `8`.
    #[error("{}", pick("номер телефона начинается с +7 или с 8", "a phone number begins with +7 or 8"))]
    Prefix,
    /// A sign that is not part of a phone number.
    #[error("{}", tr!("в номере телефона недопустим знак «{_0}»", "a phone number may not have «{_0}»"))]
    Character(char),
    /// Not ten digits after the prefix.
    #[error("{}", tr!("после +7 или 8 ожидалось 10 цифр, получено {got}", "after +7 or 8 come 10 digits, not {got}"))]
    Length {
        /// How many digits there were.
        got: usize,
    },
}

impl PhoneError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Prefix => "phone-prefix",
            Self::Character(_) => "phone-character",
            Self::Length { .. } => "phone-length",
        }
    }
}

impl FromStr for Phone {
    type Err = PhoneError;

    fn from_str(text: &str) -> Result<Self, PhoneError> {
        let rest = text.strip_prefix("+7").or_else(|| text.strip_prefix('8')).ok_or(PhoneError::Prefix)?;
        let mut digits = [0; 10];
        let mut got = 0;
        for sign in rest.chars() {
            match sign {
                '0'..='9' => {
                    if let (Some(digit), Ok(value)) = (digits.get_mut(got), u8::try_from(sign)) {
                        *digit = value - b'0';
                    }
                    got += 1;
                }
                ' ' | '-' | '(' | ')' | '\u{a0}' => {}
                _ => return Err(PhoneError::Character(sign)),
            }
        }
        if got == digits.len() { Ok(Self(digits)) } else { Err(PhoneError::Length { got }) }
    }
}
