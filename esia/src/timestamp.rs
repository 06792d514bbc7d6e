//! The `timestamp` of a signed request: `yyyy.MM.dd HH:mm:ss Z`, for instance `2021.02.12 00:15:26 +0300`.

use crate::language::pick;
use chrono::{DateTime, FixedOffset, NaiveDate, TimeZone, Utc};

/// Moscow time, in which ЕСИА and most clients write.
const MOSCOW_OFFSET_S: i32 = 3 * 3600;

/// Why a text is not a timestamp. ЕСИА answers ESIA-007014 to all of them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimestampError {
    /// Not of the form `yyyy.MM.dd HH:mm:ss Z`.
    #[error(
        "{}",
        pick(
            "время запроса записывается как 2021.02.12 00:15:26 +0300",
            "the time of a request is written as 2021.02.12 00:15:26 +0300"
        )
    )]
    Format,
    /// There is no such day, hour, minute, second or offset.
    #[error(
        "{}",
        pick(
            "во времени запроса нет такого дня, часа, минуты, секунды или смещения",
            "the time of the request has no such day, hour, minute, second or offset"
        )
    )]
    Value,
}

impl TimestampError {
    /// Stable name for logs and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Format => "timestamp-format",
            Self::Value => "timestamp-value",
        }
    }
}

/// The time as a client writes it, in Moscow time.
pub fn print(at: DateTime<Utc>) -> String {
    match FixedOffset::east_opt(MOSCOW_OFFSET_S) {
        Some(moscow) => at.with_timezone(&moscow).format("%Y.%m.%d %H:%M:%S %z").to_string(),
        None => at.format("%Y.%m.%d %H:%M:%S +0000").to_string(),
    }
}

/// Reads any offset, a `+` that came as a space (not escaped in a form), and hour 24, which the clients that write it
/// mean as midnight at the start of the named day.
///
/// # Errors
/// When the form is another or the value does not exist.
pub fn parse(text: &str) -> Result<DateTime<Utc>, TimestampError> {
    const SHAPE: &[u8; 25] = b"0000.00.00 00:00:00 +0000";
    let fits = |(&byte, &shape): (&u8, &u8)| match shape {
        b'0' => byte.is_ascii_digit(),
        b'+' => matches!(byte, b'+' | b'-' | b' '),
        separator => byte == separator,
    };
    let bytes: &[u8; 25] = text.as_bytes().try_into().map_err(|_| TimestampError::Format)?;
    if !bytes.iter().zip(SHAPE).all(fits) {
        return Err(TimestampError::Format);
    }
    let number = |from: usize, to: usize| bytes[from..to].iter().fold(0, |n, &digit| n * 10 + u32::from(digit - b'0'));
    read(&number, bytes[20] == b'-').ok_or(TimestampError::Value)
}

fn read(number: &impl Fn(usize, usize) -> u32, is_west: bool) -> Option<DateTime<Utc>> {
    let hour = Some(number(11, 13)).filter(|&hour| hour <= 24)? % 24;
    let local = NaiveDate::from_ymd_opt(i32::try_from(number(0, 4)).ok()?, number(5, 7), number(8, 10))?.and_hms_opt(
        hour,
        number(14, 16),
        number(17, 19),
    )?;
    let minutes = Some(number(23, 25)).filter(|&minutes| minutes < 60)?;
    let east = i32::try_from(number(21, 23) * 3600 + minutes * 60).ok()?;
    let offset = FixedOffset::east_opt(if is_west { -east } else { east })?;
    Some(offset.from_local_datetime(&local).single()?.to_utc())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_recorded_form_is_read_and_written() {
        let at = parse("2021.02.12 00:15:26 +0300").unwrap();
        assert_eq!(at.to_rfc3339(), "2021-02-11T21:15:26+00:00");
        assert_eq!(print(at), "2021.02.12 00:15:26 +0300");
    }

    #[test]
    fn what_real_clients_send_is_tolerated() {
        let expected = parse("2021.02.12 00:15:26 +0300").unwrap();
        for text in [
            "2021.02.12 00:15:26  0300",
            "2021.02.12 24:15:26 +0300",
            "2021.02.11 21:15:26 +0000",
            "2021.02.11 16:15:26 -0500",
        ] {
            assert_eq!(parse(text), Ok(expected), "{text}");
        }
    }

    #[test]
    fn each_mistake_is_named() {
        let check = |text: &str, code| assert_eq!(parse(text).unwrap_err().code(), code, "{text}");
        check("", "timestamp-format");
        check("2021-02-12T00:15:26+03:00", "timestamp-format");
        check("2021.02.12 00:15:26 +030", "timestamp-format");
        check("2021.02.12 00:15:26 +0300 ", "timestamp-format");
        check("2021.02.30 00:15:26 +0300", "timestamp-value");
        check("2021.02.12 25:15:26 +0300", "timestamp-value");
        check("2021.02.12 00:60:26 +0300", "timestamp-value");
        check("2021.02.12 00:15:26 +0360", "timestamp-value");
        check("2021.02.12 00:15:26 +9900", "timestamp-value");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".*", near in "[0-9]{4}.[0-9]{2}.[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} [+-][0-9]{4}") {
            let _ = parse(&text);
            let _ = parse(&near);
        }

        #[test]
        fn what_is_written_reads_back(second in 0..4_102_444_800_i64) {
            let at = DateTime::from_timestamp(second, 0).unwrap();
            prop_assert_eq!(parse(&print(at)), Ok(at));
        }
    }
}
