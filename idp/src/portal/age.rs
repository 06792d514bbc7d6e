//! Ages by the calendar of Moscow.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use worlds::moscow;

/// Returns the age in full years on a day. A person born on 29 February turns a year older on 1 March of a common year.
pub fn age(born: NaiveDate, today: NaiveDate) -> i32 {
    let had = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i32::from(!had)
}

/// Returns the day on which a person reaches the given age in years.
fn birthday(born: NaiveDate, years: i32) -> NaiveDate {
    let year = born.year() + years;
    NaiveDate::from_ymd_opt(year, born.month(), born.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// Returns the start of the 18th birthday in Moscow, as an instant.
pub(super) fn majority(born: NaiveDate) -> DateTime<Utc> {
    moscow::midnight(birthday(born, 18)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
