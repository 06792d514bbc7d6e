//! The Russian production calendar (Design, Time): which days agencies work.

use std::{collections::BTreeMap, sync::LazyLock};

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};

/// The days that differ from Monday to Friday, with the sources of each year.
const DATA: &str = include_str!("../data/russian-calendar.txt");

/// The furthest that working days are counted at once: some four years.
pub const MAX_WORKING_DAYS: u32 = 1000;

/// For each day that differs: whether it is a working day.
static DIFFERENT: LazyLock<BTreeMap<NaiveDate, bool>> = LazyLock::new(|| DATA.lines().filter_map(read).collect());

/// Holidays of article 112 of the Labour Code, month and day.
const HOLIDAYS: [(u32, u32); 14] =
    [(1, 1), (1, 2), (1, 3), (1, 4), (1, 5), (1, 6), (1, 7), (1, 8), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)];

fn read(line: &str) -> Option<(NaiveDate, bool)> {
    let (date, kind) = line.split_once(' ')?;
    let working = match kind {
        "working" => true,
        "off" => false,
        _ => return None,
    };
    Some((date.parse().ok()?, working))
}

/// Whether Russia works on a day. In a year whose transfers are not known (`data/russian-calendar.txt` says which are):
/// Monday to Friday but for the fixed holidays, none of them moved.
pub fn is_working_day(day: NaiveDate) -> bool {
    if let Some(working) = DIFFERENT.get(&day) {
        return *working;
    }
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && !HOLIDAYS.contains(&(day.month(), day.day()))
}

/// The same time of day in Moscow, so many working days later; no more than [`MAX_WORKING_DAYS`] are counted. Begun on a
/// day off, the first working day after it is the first.
pub fn add_working_days(at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    let moscow = TimeDelta::hours(3);
    let Some(mut local) = at.naive_utc().checked_add_signed(moscow) else { return at };
    let mut left = days.min(MAX_WORKING_DAYS);
    while left > 0 {
        let Some(next) = local.checked_add_signed(TimeDelta::days(1)) else { break };
        local = next;
        left -= u32::from(is_working_day(local.date()));
    }
    local.checked_sub_signed(moscow).map_or(at, |utc| utc.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn every_line_of_the_data_says_something_new() {
        let lines: Vec<_> = DATA.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).collect();
        for line in &lines {
            let (day, working) = read(line).unwrap_or_else(|| panic!("{line}"));
            let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
            assert_eq!(working, weekend, "{line} is so anyway");
        }
        assert_eq!(lines.len(), DIFFERENT.len(), "a day stands there twice");
    }

    #[test]
    fn each_official_year_has_as_many_working_days_as_the_calendar_says() {
        let count = |year: i32| {
            day(&format!("{year}-01-01"))
                .iter_days()
                .take_while(|day| day.year() == year)
                .filter(|day| is_working_day(*day))
                .count()
        };
        assert_eq!([2023, 2024, 2025, 2026].map(count), [247, 248, 247, 247]);
    }

    #[test]
    fn transferred_days_are_where_the_government_put_them() {
        for working in ["2024-04-27", "2024-11-02", "2024-12-28", "2025-11-01", "2023-12-29", "2026-01-12"] {
            assert!(is_working_day(day(working)), "{working}");
        }
        for off in [
            "2023-02-24",
            "2023-05-08",
            "2023-11-06",
            "2024-04-29",
            "2024-04-30",
            "2024-05-10",
            "2024-12-30",
            "2024-12-31",
            "2025-05-02",
            "2025-05-08",
            "2025-06-13",
            "2025-12-31",
            "2026-01-09",
            "2026-03-09",
            "2026-05-11",
            "2026-12-31",
        ] {
            assert!(!is_working_day(day(off)), "{off}");
        }
    }

    #[test]
    fn another_year_has_its_fixed_holidays_only() {
        assert!(!is_working_day(day("2027-02-23")));
        assert!(!is_working_day(day("2027-01-08")));
        assert!(is_working_day(day("2027-05-10")), "9 May 2027 is a Sunday; nobody has said what moves where");
        assert!(!is_working_day(day("2027-05-08")), "a Saturday");
    }

    #[test]
    fn working_days_are_counted_in_moscow() {
        let later = |from: &str, days| add_working_days(from.parse().unwrap(), days).to_rfc3339();
        assert_eq!(later("2024-09-02T06:00:00Z", 5), "2024-09-09T06:00:00+00:00", "over a weekend");
        assert_eq!(later("2024-04-26T06:00:00Z", 1), "2024-04-27T06:00:00+00:00", "a working Saturday");
        assert_eq!(later("2024-04-27T06:00:00Z", 1), "2024-05-02T06:00:00+00:00");
        assert_eq!(later("2024-12-28T06:00:00Z", 1), "2025-01-09T06:00:00+00:00");
        assert_eq!(later("2024-08-31T10:00:00Z", 5), "2024-09-06T10:00:00+00:00", "begun on a Saturday");
        assert_eq!(later("2024-09-01T21:30:00Z", 1), "2024-09-02T21:30:00+00:00", "Monday already in Moscow: Tuesday");
        assert_eq!(later("2024-09-02T06:00:00Z", 0), "2024-09-02T06:00:00+00:00");
        assert!(later("2024-09-02T06:00:00Z", u32::MAX).starts_with("2028"), "no endless counting");
    }
}
