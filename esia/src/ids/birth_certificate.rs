use std::{fmt, str::FromStr};

use super::as_string;
use crate::language::pick;

/// Series and number of a Russian birth certificate, written `I-МЮ 123456`.
///
/// The series is a Roman numeral in Latin letters, a hyphen and two Cyrillic capitals. Cyrillic letters that look like
/// Roman digits, and Latin ones that look like Cyrillic capitals, are taken for what they look like: both are typed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BirthCertificate {
    series: String,
    number: String,
}

as_string!(BirthCertificate, "BirthCertificate", "Свидетельство о рождении: серия и номер", "I-МЮ 123456");

impl BirthCertificate {
    /// From the two fields of a form.
    ///
    /// # Errors
    /// When the series or the number breaks its rule.
    pub fn new(series: &str, number: &str) -> Result<Self, BirthCertificateError> {
        if number.len() != 6 || !number.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(BirthCertificateError::Number);
        }
        let (numeral, letters) = series.split_once('-').ok_or(BirthCertificateError::Series)?;
        let numeral: String = numeral.chars().map(latin_look).collect();
        let letters: String = letters.chars().map(cyrillic_look).collect();
        if !is_roman(&numeral) {
            return Err(BirthCertificateError::Numeral);
        }
        if letters.chars().count() != 2 || !letters.chars().all(|letter| matches!(letter, 'А'..='Я' | 'Ё')) {
            return Err(BirthCertificateError::Letters);
        }
        Ok(Self { series: format!("{numeral}-{letters}"), number: number.to_owned() })
    }

    /// Roman number, hyphen, two Cyrillic letters: `I-МЮ`.
    pub fn series(&self) -> &str {
        &self.series
    }

    /// Six digits as text.
    pub fn number(&self) -> &str {
        &self.number
    }
}

fn latin_look(letter: char) -> char {
    match letter {
        'І' | 'і' => 'I',
        'Х' | 'х' => 'X',
        'С' | 'с' => 'C',
        other => other.to_ascii_uppercase(),
    }
}

fn cyrillic_look(letter: char) -> char {
    const LATIN: &str = "ABCEHKMOPTXY";
    const CYRILLIC: &str = "АВСЕНКМОРТХУ";
    let capital = letter.to_uppercase().next().unwrap_or(letter);
    LATIN.chars().zip(CYRILLIC.chars()).find(|&(latin, _)| latin == capital).map_or(capital, |(_, cyrillic)| cyrillic)
}

/// Whether the numeral is one of 1 to 99 as a schoolbook writes it.
fn is_roman(numeral: &str) -> bool {
    const TENS: [&str; 10] = ["", "X", "XX", "XXX", "XL", "L", "LX", "LXX", "LXXX", "XC"];
    const ONES: [&str; 10] = ["", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX"];
    !numeral.is_empty() && TENS.iter().any(|tens| numeral.strip_prefix(tens).is_some_and(|ones| ONES.contains(&ones)))
}

impl fmt::Display for BirthCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.series, self.number)
    }
}

/// Why a text is not a [`BirthCertificate`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BirthCertificateError {
    /// No number after the series.
    #[error(
        "{}",
        pick(
            "свидетельство о рождении записывается как «I-МЮ 123456»",
            "a birth certificate is written as «I-МЮ 123456»"
        )
    )]
    Format,
    /// No hyphen in the series.
    #[error(
        "{}",
        pick(
            "серия свидетельства записывается через дефис, например I-МЮ",
            "the series of the certificate has a hyphen, for instance «I-МЮ»"
        )
    )]
    Series,
    /// The part before the hyphen.
    #[error(
        "{}",
        pick(
            "серия свидетельства начинается с римского числа латинскими буквами, например I или XIV",
            "the series of the certificate begins with a Roman number in Latin letters, for instance I or XIV"
        )
    )]
    Numeral,
    /// The part after the hyphen.
    #[error(
        "{}",
        pick(
            "серия свидетельства кончается двумя русскими буквами, например МЮ",
            "the series of the certificate ends with two Russian letters, for instance «МЮ»"
        )
    )]
    Letters,
    /// Not six digits.
    #[error("{}", pick("номер свидетельства состоит из 6 цифр", "the number of the certificate has 6 digits"))]
    Number,
}

impl BirthCertificateError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format => "birth-certificate-format",
            Self::Series => "birth-certificate-series",
            Self::Numeral => "birth-certificate-numeral",
            Self::Letters => "birth-certificate-letters",
            Self::Number => "birth-certificate-number",
        }
    }
}

impl FromStr for BirthCertificate {
    type Err = BirthCertificateError;

    fn from_str(text: &str) -> Result<Self, BirthCertificateError> {
        let (series, number) = text.split_once(' ').ok_or(BirthCertificateError::Format)?;
        Self::new(series, number.trim_start().trim_start_matches(['№', ' ']))
    }
}
