//! Times are of the years 1 to 9999, whatever somebody imports: what lies far beyond makes arithmetic overflow.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use esia::language::tr;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

/// The last instant that a world's clock shows.
pub(crate) const LAST: DateTime<Utc> = match NaiveDate::from_ymd_opt(9999, 12, 31) {
    Some(day) => match NaiveTime::from_hms_nano_opt(23, 59, 59, 999_999_999) {
        Some(time) => day.and_time(time).and_utc(),
        None => DateTime::<Utc>::MAX_UTC,
    },
    None => DateTime::<Utc>::MAX_UTC,
};

/// Whether an instant is of those years.
pub(crate) fn is_in_bounds(at: DateTime<Utc>) -> bool {
    (1..=9999).contains(&at.year())
}

/// Looks through a document for dates and times, keeping nothing of it.
///
/// # Errors
/// The first one outside of the years 1 to 9999.
pub(crate) fn check<'de, D: Deserializer<'de>>(document: D) -> Result<(), D::Error> {
    Times.deserialize(document)
}

struct Times;

/// The year of a text that is a date, or begins with one.
fn year(text: &str) -> Option<i32> {
    // With four digits nothing but the year 0 is out of bounds.
    if !text.starts_with(['+', '-', '0']) || text.len() > 64 {
        return None;
    }
    let instant = || text.parse::<DateTime<Utc>>().ok().map(|at| at.year());
    let local = || text.parse::<chrono::NaiveDateTime>().ok().map(|at| at.year());
    let day = || text.parse::<NaiveDate>().ok().map(|day| day.year());
    instant().or_else(local).or_else(day)
}

impl<'de> DeserializeSeed<'de> for Times {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Times {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match year(text) {
            Some(year) if !(1..=9999).contains(&year) => {
                Err(E::custom(tr!("«{text}»: год от 1 до 9999", "«{text}»: a year from 1 to 9999")))
            }
            _ => Ok(()),
        }
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        while items.next_element_seed(Self)?.is_some() {}
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut fields: A) -> Result<(), A::Error> {
        while fields.next_key_seed(Self)?.is_some() {
            fields.next_value_seed(Self)?;
        }
        Ok(())
    }
}
