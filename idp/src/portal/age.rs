//! Ages, by Moscow's calendar.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use worlds::moscow;

/// Full years on a day. Born on 29 February, one turns a year older on 1 March of a common year.
pub fn age(born: NaiveDate, today: NaiveDate) -> i32 {
    let had = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i32::from(!had)
}

/// The day on which one turns so many years old.
fn birthday(born: NaiveDate, years: i32) -> NaiveDate {
    let year = born.year() + years;
    NaiveDate::from_ymd_opt(year, born.month(), born.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// The instant of one's 18th birthday.
pub(super) fn majority(born: NaiveDate) -> DateTime<Utc> {
    moscow::midnight(birthday(born, 18)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
