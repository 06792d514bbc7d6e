//! Dates as Russian pages show them, in Moscow time.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};

/// Moscow has had no summer time since 2014 and stands three hours ahead of UTC.
fn moscow(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    FixedOffset::east_opt(3 * 3600).map_or_else(|| at.fixed_offset(), |zone| at.with_timezone(&zone))
}

/// `02.09.2024, 09:00`.
pub fn date_time(at: DateTime<Utc>) -> String {
    moscow(at).format("%d.%m.%Y, %H:%M").to_string()
}

/// `02.09.2024, 09:00:07`.
pub fn date_time_s(at: DateTime<Utc>) -> String {
    moscow(at).format("%d.%m.%Y, %H:%M:%S").to_string()
}

/// The calendar day in Moscow.
pub fn date(at: DateTime<Utc>) -> NaiveDate {
    moscow(at).date_naive()
}
