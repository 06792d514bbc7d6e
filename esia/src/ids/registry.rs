use std::{fmt, str::FromStr};

use super::as_string;
use crate::language::tr;

/// Why a text is not a number of a state register.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RegistryError {
    /// The text has another number of digits, or other characters.
    #[error("{}", tr!("{name}: нужно {digits} цифр", "{name}: {digits} digits are needed"))]
    Format {
        /// Name of the number: ИНН, ОГРН or КПП.
        name: &'static str,
        /// How many, in words.
        digits: &'static str,
    },
    /// The last digits contradict the others.
    #[error(
        "{}",
        tr!(
            "{name}: контрольные цифры не сходятся, ожидалось {expected}",
            "{name}: the check digits are wrong, expected {expected}"
        )
    )]
    CheckDigits {
        /// Name of the number: ИНН, ОГРН or КПП.
        name: &'static str,
        /// What the other digits demand.
        expected: String,
    },
}

impl RegistryError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format { .. } => "registry-format",
            Self::CheckDigits { .. } => "registry-check-digits",
        }
    }
}

macro_rules! number {
    ($name:ident, $title:literal, $digits:literal, $lengths:pat, $example:literal) => {
        as_string!($name, $title, $digits, $example);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = RegistryError;

            fn from_str(text: &str) -> Result<Self, RegistryError> {
                if !matches!(text.len(), $lengths) || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                    return Err(RegistryError::Format { name: $title, digits: $digits });
                }
                let expected = Self::expected(text);
                if text.ends_with(&expected) {
                    Ok(Self(text.to_owned()))
                } else {
                    Err(RegistryError::CheckDigits { name: $title, expected })
                }
            }
        }
    };
}

/// ИНН: 12 digits of a person, 10 of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Inn(String);

number!(Inn, "ИНН", "12 (у организации 10)", 10 | 12, "000000000000");

impl Inn {
    /// Whether it belongs to a person or a sole trader: twelve digits.
    pub fn is_of_person(&self) -> bool {
        self.0.len() == 12
    }

    /// Whether the number cannot be anybody's: the first two digits are a region's, and no region is 00.
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with("00")
    }

    /// Приказ ФНС ЕД-7-14/559@ leaves the check digits as they were: weights, modulo 11, modulo 10.
    fn expected(text: &str) -> String {
        const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];
        let digit = |text: &str| {
            let weights = &WEIGHTS[WEIGHTS.len() - text.len()..];
            let sum: u32 = text.bytes().zip(weights).map(|(byte, weight)| u32::from(byte - b'0') * weight).sum();
            (sum % 11 % 10).to_string()
        };
        match text.len() {
            12 => {
                let first = digit(&text[..10]);
                let second = digit(&format!("{}{first}", &text[..10]));
                first + &second
            }
            _ => digit(&text[..9]),
        }
    }
}

/// ОГРН (13 digits) or ОГРНИП (15).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ogrn(String);

number!(Ogrn, "ОГРН", "13 (у предпринимателя 15)", 13 | 15, "1000000000000");

impl Ogrn {
    /// Whether it is an ОГРНИП, a sole trader's: fifteen digits.
    pub fn is_of_person(&self) -> bool {
        self.0.len() == 15
    }

    /// Whether the number cannot be anybody's: the fourth and fifth digit are a region's, and no region is 00.
    pub fn is_reserved(&self) -> bool {
        self.0.get(3..5) == Some("00")
    }

    /// The other digits modulo 11 (of a sole trader 13), modulo 10 (постановление № 438 of 2002).
    fn expected(text: &str) -> String {
        let (body, _) = text.split_at(text.len() - 1);
        let modulus = if text.len() == 15 { 13 } else { 11 };
        let rest = body.bytes().fold(0_u64, |rest, byte| (rest * 10 + u64::from(byte - b'0')) % modulus);
        (rest % 10).to_string()
    }
}

/// КПП of an organisation, nine digits; it has no check digit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kpp(String);

number!(Kpp, "КПП", "9", 9, "000001001");

impl Kpp {
    /// Whether the number cannot be anybody's: the first two digits are a region's, and no region is 00.
    pub fn is_reserved(&self) -> bool {
        self.0.starts_with("00")
    }

    fn expected(_: &str) -> String {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_with_right_check_digits_are_read() {
        // Those of ФНС itself and of Сбербанк, as they print them, and the one of the recorded person (ESIA §4.4).
        for inn in ["7707329152", "7707083893", "585204118212", "000000000000"] {
            assert_eq!(inn.parse::<Inn>().unwrap().to_string(), inn);
        }
        for ogrn in ["1047707030513", "1027700132195", "1000000000000"] {
            assert_eq!(ogrn.parse::<Ogrn>().unwrap().to_string(), ogrn);
        }
        assert_eq!("319290100017299".parse::<Ogrn>().map(|ogrn| ogrn.is_of_person()), Ok(true));
        assert_eq!("770701001".parse::<Kpp>().map(|kpp| kpp.is_reserved()), Ok(false));
    }

    #[test]
    fn reserved_numbers_are_those_of_region_00() {
        assert!(
            "000000000000".parse::<Inn>().unwrap().is_reserved() && !"7707329152".parse::<Inn>().unwrap().is_reserved()
        );
        assert!("1000000000000".parse::<Ogrn>().unwrap().is_reserved());
        assert!(!"1047707030513".parse::<Ogrn>().unwrap().is_reserved());
        assert!("000001001".parse::<Kpp>().unwrap().is_reserved());
    }

    #[test]
    fn each_mistake_is_named() {
        assert_eq!(
            "7707329153".parse::<Inn>().unwrap_err().to_string(),
            "ИНН: контрольные цифры не сходятся, ожидалось 2"
        );
        assert_eq!("585204118213".parse::<Inn>().unwrap_err().code(), "registry-check-digits");
        assert_eq!("1047707030512".parse::<Ogrn>().unwrap_err().code(), "registry-check-digits");
        for text in ["", "77073291", "770732915x", "７７07329152", "12345678901"] {
            assert_eq!(text.parse::<Inn>().unwrap_err().code(), "registry-format", "{text}");
        }
        assert_eq!("12345678".parse::<Kpp>().unwrap_err().to_string(), "КПП: нужно 9 цифр");
    }

    proptest! {
        #[test]
        fn any_text_is_read_back_or_refused(text in ".{0,20}", digits in "[0-9]{9,15}") {
            for text in [text, digits] {
                if let Ok(inn) = text.parse::<Inn>() { prop_assert_eq!(inn.to_string(), text.clone()); }
                if let Ok(ogrn) = text.parse::<Ogrn>() { prop_assert_eq!(ogrn.to_string(), text.clone()); }
                if let Ok(kpp) = text.parse::<Kpp>() { prop_assert_eq!(kpp.to_string(), text); }
            }
        }
    }
}
