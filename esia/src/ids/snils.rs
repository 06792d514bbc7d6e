use std::{fmt, str::FromStr};

use super::as_string;
use crate::language::{pick, tr};

/// СНИЛС, the number of a person's pension account. Read as `112-233-445 95` or `11223344595`, written as the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Snils([u8; 11]);

as_string!(Snils, "Snils", "СНИЛС: NNN-NNN-NNN NN или 11 цифр подряд", "000-000-600 06");

/// Numbers up to this one were given out before check numbers, and are long unused.
const LAST_WITHOUT_CHECK_NUMBER: u32 = 1_001_998;

impl Snils {
    /// Eleven digits without separators.
    pub fn bare(&self) -> String {
        self.0.iter().map(|&digit| char::from(b'0' + digit)).collect()
    }

    /// A number that belongs to nobody, with zeros for its check number: `None` above 001-001-998.
    pub fn reserved(number: u32) -> Option<Self> {
        let mut snils = Self([0; 11]);
        let mut rest = number;
        for digit in snils.0[..9].iter_mut().rev() {
            *digit = u8::try_from(rest % 10).unwrap_or_default();
            rest /= 10;
        }
        (rest == 0 && snils.is_reserved()).then_some(snils)
    }

    /// Whether the number cannot belong to a real person (up to 001-001-998).
    pub fn is_reserved(&self) -> bool {
        self.number() <= LAST_WITHOUT_CHECK_NUMBER
    }

    fn number(&self) -> u32 {
        decimal(&self.0[..9])
    }

    /// The sum of the first nine digits, weighted 9 to 1, modulo 101; 100 counts as 0.
    fn expected_check_number(&self) -> u32 {
        let weighted = self.0.iter().zip((1..=9).rev()).map(|(&digit, weight)| u32::from(digit) * weight);
        weighted.sum::<u32>() % 101 % 100
    }
}

fn decimal(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |number, &digit| number * 10 + u32::from(digit))
}

impl fmt::Display for Snils {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bare = self.bare();
        write!(f, "{}-{}-{} {}", &bare[..3], &bare[3..6], &bare[6..9], &bare[9..])
    }
}

/// Why a text is not a [`Snils`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SnilsError {
    /// Neither of the two printed forms.
    #[error(
        "{}",
        pick(
            "СНИЛС записывается как 000-000-000 00 или 11 цифрами подряд",
            "a SNILS is written as 000-000-000 00 or as 11 digits"
        )
    )]
    Format,
    /// The last two digits contradict the first nine.
    #[error(
        "{}",
        tr!(
            "контрольное число СНИЛС не сходится: ожидалось {expected:02}, получено {got:02}",
            "the check number of the SNILS is wrong: expected {expected:02}, got {got:02}"
        )
    )]
    CheckNumber {
        /// What the first nine digits demand.
        expected: u32,
        /// The last two digits.
        got: u32,
    },
}

impl SnilsError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format => "snils-format",
            Self::CheckNumber { .. } => "snils-check-number",
        }
    }
}

impl FromStr for Snils {
    type Err = SnilsError;

    fn from_str(text: &str) -> Result<Self, SnilsError> {
        let separators: &[(usize, u8)] = match text.len() {
            11 => &[],
            14 => &[(3, b'-'), (7, b'-'), (11, b' ')],
            _ => return Err(SnilsError::Format),
        };
        let mut digits = [0; 11];
        let mut count = 0;
        for (at, byte) in text.bytes().enumerate() {
            if separators.contains(&(at, byte)) {
                continue;
            }
            if !byte.is_ascii_digit() || count == digits.len() {
                return Err(SnilsError::Format);
            }
            digits[count] = byte - b'0';
            count += 1;
        }
        if count != digits.len() {
            return Err(SnilsError::Format);
        }
        let snils = Self(digits);
        let (expected, got) = (snils.expected_check_number(), decimal(&digits[9..]));
        if !snils.is_reserved() && expected != got {
            return Err(SnilsError::CheckNumber { expected, got });
        }
        Ok(snils)
    }
}
