//! Days and instants as people write them. One reader for registers, cards, seeds, applications and clocks: the same two
//! shapes, the same range and the same words everywhere.

use std::fmt;

use chrono::{DateTime, Datelike, Days, FixedOffset, NaiveDate};
use esia::language::{pick, tr};
use serde::{Deserializer, de};

use crate::moscow;

/// Years that people live in; a day outside them is a slip of the pen, as 23.11.0012 is.
const YEARS: std::ops::RangeInclusive<i32> = 1900..=2199;
/// How much of a wrong text a message repeats, characters.
const TOLD: usize = 40;

/// Why a text is not a day.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DayError {
    /// The text is empty.
    #[error("{}", pick("Укажите дату", "Give a date"))]
    Empty,
    /// No day in any of the forms that are read.
    #[error(
        "{}",
        tr!(
            "«{_0}» — не дата: пишут ДД.ММ.ГГГГ или ГГГГ-ММ-ДД, например 23.11.2012 или 2012-11-23",
            "«{_0}» is no date: write DD.MM.YYYY or YYYY-MM-DD, for instance 23.11.2012 or 2012-11-23"
        )
    )]
    Shape(String),
    /// `23.11.12`: nobody knows the century.
    #[error(
        "{}",
        tr!(
            "в дате «{_0}» год нужно написать четырьмя цифрами, например 23.11.2012 или 2012-11-23",
            "the year of the date «{_0}» needs four digits, for instance 23.11.2012 or 2012-11-23"
        )
    )]
    ShortYear(String),
    /// `23.11.2012 0:00`, as spreadsheets write it.
    #[error(
        "{}",
        tr!(
            "в дате «{text}» есть ещё и время: оставьте только {day}",
            "the date «{text}» has a time too: leave only {day}"
        )
    )]
    WithTime {
        /// As it was written.
        text: String,
        /// Without the time.
        day: String,
    },
    /// `41236`: the number of a day, as spreadsheets count them.
    #[error(
        "{}",
        tr!(
            "«{text}» — дата числом, как в Excel: напишите {day}",
            "«{text}» is a date as a number, as Excel has it: write {day}"
        )
    )]
    Serial {
        /// As it was written.
        text: String,
        /// The day that it is the number of.
        day: String,
    },
    /// A day that no calendar has, as `31.02.2012`.
    #[error("{}", tr!("«{_0}» — такого дня нет в календаре", "«{_0}» is no day of the calendar"))]
    Calendar(String),
    /// Before 1900 or after 2199.
    #[error(
        "{}",
        tr!(
            "в дате «{_0}» год должен быть от {} до {}",
            "the year of the date «{_0}» must be from {} to {}",
            YEARS.start(),
            YEARS.end()
        )
    )]
    Year(String),
    /// Later than today, where a day that has come is meant.
    #[error("{}", tr!("«{_0}» — этот день ещё не наступил", "«{_0}»: this day has not come yet"))]
    Ahead(String),
}

impl DayError {
    /// Stable name for logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "day-empty",
            Self::Shape(_) => "day-shape",
            Self::ShortYear(_) => "day-short-year",
            Self::WithTime { .. } => "day-with-time",
            Self::Serial { .. } => "day-serial",
            Self::Calendar(_) => "day-calendar",
            Self::Year(_) => "day-year",
            Self::Ahead(_) => "day-ahead",
        }
    }
}

/// Reads a day: `23.11.2012` or `2012-11-23`, of the years 1900 to 2199. Blanks around it do not count.
///
/// # Errors
/// Says what is wrong and how a day is written.
pub fn read_day(text: &str) -> Result<NaiveDate, DayError> {
    let text = text.trim();
    if text.is_empty() {
        return Err(DayError::Empty);
    }
    let told = || clipped(text);
    let Some((year, month, day)) = parts(text) else {
        return Err(with_time(text).or_else(|| serial(text)).unwrap_or(DayError::Shape(told())));
    };
    if year.len() != 4 {
        return Err(DayError::ShortYear(told()));
    }
    let number = |digits: &str| digits.parse::<u32>().unwrap_or_default();
    let date = NaiveDate::from_ymd_opt(year.parse().unwrap_or_default(), number(month), number(day));
    let date = date.ok_or_else(|| DayError::Calendar(told()))?;
    if YEARS.contains(&date.year()) { Ok(date) } else { Err(DayError::Year(told())) }
}

/// Reads a day that has come: of birth, of issue, of signing.
///
/// # Errors
/// As [`read_day`], and when it is later than `today`.
pub fn read_past_day(text: &str, today: NaiveDate) -> Result<NaiveDate, DayError> {
    let day = read_day(text)?;
    if day > today { Err(DayError::Ahead(clipped(text.trim()))) } else { Ok(day) }
}

/// Digits of year, month and day.
fn parts(text: &str) -> Option<(&str, &str, &str)> {
    let split = |sign| {
        let mut parts = text.split(sign);
        let found = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(found)
    };
    let is_number =
        |text: &str, most: usize| (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let (year, month, day) = match split('.') {
        Some((day, month, year)) => (year, month, day),
        None => split('-')?,
    };
    (is_number(year, 4) && is_number(month, 2) && is_number(day, 2)).then_some((year, month, day))
}

/// What is wrong with a day that has something after a blank or a `T`.
fn with_time(text: &str) -> Option<DayError> {
    let (day, time) = text.split_once([' ', 'T', '\u{a0}'])?;
    let is_time = time.contains(':') && time.bytes().all(|byte| !byte.is_ascii_alphabetic() || b"TZ".contains(&byte));
    (is_time && read_day(day).is_ok()).then(|| DayError::WithTime { text: clipped(text), day: day.to_owned() })
}

/// What is wrong with a number of a day in a spreadsheet, which counts from the end of 1899.
fn serial(text: &str) -> Option<DayError> {
    let number: u64 = text.parse().ok().filter(|_| text.len() == 5)?;
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(number))?;
    Some(DayError::Serial { text: text.to_owned(), day: day.format("%d.%m.%Y").to_string() })
}

fn clipped(text: &str) -> String {
    let mut told: String = text.chars().take(TOLD).collect();
    if told.len() < text.len() {
        told.push('…');
    }
    told
}

/// Why a text is not an instant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InstantError {
    /// A day alone would do, but it is none.
    #[error(transparent)]
    Day(#[from] DayError),
    /// Neither an instant nor a day.
    #[error(
        "{}",
        tr!(
            "«{_0}» — не время: пишут день и время с часовым поясом, например 2024-09-02T09:00:00+03:00, или только день, \
             02.09.2024",
            "«{_0}» is no time: write a day and a time with its offset, for instance 2024-09-02T09:00:00+03:00, or only a \
             day, 02.09.2024"
        )
    )]
    Shape(String),
}

/// Reads an instant: RFC 3339, or a day as [`read_day`] takes it, which is its first moment in Moscow.
///
/// # Errors
/// Says what is wrong and how an instant is written.
pub fn read_instant(text: &str) -> Result<DateTime<FixedOffset>, InstantError> {
    let text = text.trim();
    if let Ok(instant) = text.parse() {
        return Ok(instant);
    }
    match read_day(text) {
        Ok(day) => moscow_midnight(day).ok_or_else(|| InstantError::Shape(clipped(text))),
        Err(DayError::Shape(_) | DayError::WithTime { .. } | DayError::Serial { .. }) => {
            Err(InstantError::Shape(clipped(text)))
        }
        Err(error) => Err(error.into()),
    }
}

fn moscow_midnight(day: NaiveDate) -> Option<DateTime<FixedOffset>> {
    moscow::midnight(day).map(moscow::local)
}

/// A value of a document that is written as a text and read by a function.
struct Written<T, E> {
    read: fn(&str) -> Result<T, E>,
    expected: &'static str,
}

const A_DAY: Written<NaiveDate, DayError> =
    Written { read: read_day, expected: "дата в кавычках, ДД.ММ.ГГГГ или ГГГГ-ММ-ДД" };
const AN_INSTANT: Written<DateTime<FixedOffset>, InstantError> =
    Written { read: read_instant, expected: "время, например 2024-09-02T09:00:00+03:00, или день" };

impl<T, E: fmt::Display> de::Visitor<'_> for Written<T, E> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.expected)
    }

    fn visit_str<D: de::Error>(self, text: &str) -> Result<T, D> {
        (self.read)(text).map_err(D::custom)
    }
}

/// The same where there may be nothing.
struct Any<T, E>(Written<T, E>);

impl<'de, T, E: fmt::Display> de::Visitor<'de> for Any<T, E> {
    type Value = Option<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.expected)
    }

    fn visit_none<D: de::Error>(self) -> Result<Option<T>, D> {
        Ok(None)
    }

    fn visit_unit<D: de::Error>(self) -> Result<Option<T>, D> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        deserializer.deserialize_str(self.0).map(Some)
    }
}

/// For `#[serde(deserialize_with)]` of a day in a document.
///
/// # Errors
/// As [`read_day`].
pub fn deserialize_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    deserializer.deserialize_str(A_DAY)
}

/// The same of a day that may be left out or be `null`; wants `#[serde(default)]` beside it.
///
/// # Errors
/// As [`read_day`].
pub fn deserialize_any_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    deserializer.deserialize_option(Any(A_DAY))
}

/// For `#[serde(deserialize_with)]` of an instant in a document.
///
/// # Errors
/// As [`read_instant`].
pub fn deserialize_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<FixedOffset>, D::Error> {
    deserializer.deserialize_str(AN_INSTANT)
}

/// The same of an instant that may be left out or be `null`; wants `#[serde(default)]` beside it.
///
/// # Errors
/// As [`read_instant`].
pub fn deserialize_any_instant<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<DateTime<FixedOffset>>, D::Error> {
    deserializer.deserialize_option(Any(AN_INSTANT))
}
