//! Moscow time, in which the portal, the school and ЕСИА tell the time.
//!
//! Moscow has had no summer time since 2014 and stands three hours ahead of UTC.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveTime, TimeDelta, Utc};

/// Moscow's offset from UTC, hours.
const OFFSET_HOURS: i32 = 3;

/// An instant on Moscow's clock, offset included.
pub fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(OFFSET_HOURS * 3600).map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone))
}

/// The calendar day in Moscow.
pub fn date(at: DateTime<Utc>) -> NaiveDate {
    local(at).date_naive()
}

/// `02.09.2024, 09:00`, as pages show an instant.
pub fn date_time(at: DateTime<Utc>) -> String {
    local(at).format("%d.%m.%Y, %H:%M").to_string()
}

/// Day and time with seconds: `02.09.2024, 09:00:07`.
pub fn date_time_s(at: DateTime<Utc>) -> String {
    local(at).format("%d.%m.%Y, %H:%M:%S").to_string()
}

/// The instant at which a day begins in Moscow. `None` outside the years that [`chrono`] knows.
pub fn midnight(day: NaiveDate) -> Option<DateTime<Utc>> {
    let utc = day.and_time(NaiveTime::MIN).checked_sub_signed(TimeDelta::hours(i64::from(OFFSET_HOURS)))?;
    Some(utc.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_nine_in_the_evening_of_utc() {
        let day: NaiveDate = "2024-09-02".parse().unwrap();
        let at = midnight(day).unwrap();
        assert_eq!(at.to_rfc3339(), "2024-09-01T21:00:00+00:00");
        assert_eq!((date(at), date(at - TimeDelta::seconds(1))), (day, "2024-09-01".parse().unwrap()));
        assert_eq!((date_time(at), date_time_s(at)), ("02.09.2024, 00:00".into(), "02.09.2024, 00:00:00".into()));
        assert_eq!((midnight(NaiveDate::MIN), date(DateTime::<Utc>::MIN_UTC).to_string().is_empty()), (None, false));
    }
}
