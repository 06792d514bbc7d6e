use std::{fmt, str::FromStr};

use chrono::NaiveDate;

use crate::ids::as_string;
use crate::language::pick;

/// A day as ЕСИА writes it: `26.05.2000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireDate(pub NaiveDate);

as_string!(WireDate, "WireDate", "Дата: ДД.ММ.ГГГГ", "26.05.2000");

impl fmt::Display for WireDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%d.%m.%Y").fmt(f)
    }
}

/// Not a day in the form `dd.MM.yyyy`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{}",
    pick(
        "дата записывается как ДД.ММ.ГГГГ и должна быть в календаре",
        "a date is written as DD.MM.YYYY and must be in the calendar"
    )
)]
pub struct WireDateError;

impl WireDateError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        "date"
    }
}

impl FromStr for WireDate {
    type Err = WireDateError;

    fn from_str(text: &str) -> Result<Self, WireDateError> {
        let is_shaped = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if matches!(at, 2 | 5) { byte == b'.' } else { byte.is_ascii_digit() });
        let date = NaiveDate::parse_from_str(text, "%d.%m.%Y").ok().filter(|_| is_shaped);
        date.map(Self).ok_or(WireDateError)
    }
}
