use chrono::{DateTime, FixedOffset, TimeDelta};

use super::slip::Spelling;
use crate::timestamp;

/// How `timestamp` must be written.
const RIGHT: &str = "%Y.%m.%d %H:%M:%S %z";
/// How else it is written, the likeliest first.
const FORMS: [&str; 40] = [
    "%Y.%m.%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S%:z",
    "%Y-%m-%dT%H:%M:%SZ",
    "%Y-%m-%dT%H:%M:%S.000Z",
    "%Y.%m.%d %H:%M:%S%z",
    "%Y.%m.%d %H:%M:%S %:z",
    "%s",
    "%s000",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S",
    "%d.%m.%Y %H:%M:%S %z",
    "%d.%m.%Y %H:%M:%S",
    "%Y.%m.%d %H:%M:%S%:z",
    "%Y-%m-%dT%H:%M:%S%z",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S%:z",
    "%Y/%m/%d %H:%M:%S %z",
    "%Y.%m.%d %H:%M:%S Z",
    "%Y.%m.%d %H:%M:%S UTC",
    "%Y.%m.%d %H:%M:%S MSK",
    "%Y.%m.%d %H:%M:%S +03",
    "%Y.%m.%d %H:%M:%S GMT%:z",
    "%Y.%m.%d %H:%M %z",
    "%Y.%m.%d %H:%M:%S.000 %z",
    "%Y.%-m.%-d %-H:%-M:%-S %z",
    "%Y.%m.%d %-H:%M:%S %z",
    "%Y.%d.%m %H:%M:%S %z",
    "%y.%m.%d %H:%M:%S %z",
    "%Y.%m.%d %H.%M.%S %z",
    "%Y.%m.%d  %H:%M:%S %z",
    "%Y.%m.%dT%H:%M:%S %z",
    "%Y.%m.%d%H:%M:%S%z",
    "%Y%m%d%H%M%S",
    "%Y.%m.%d",
    "%Y-%m-%dT%H:%M:%S.000%:z",
    "%a, %d %b %Y %H:%M:%S %z",
    "%a, %d %b %Y %H:%M:%S GMT",
    "%a %b %d %Y %H:%M:%S GMT%z",
    "%d.%m.%Y, %H:%M:%S",
    "%Y-%m-%d %H:%M:%S %z MSK",
];
/// Hours of a twelve-hour clock: `hh` of Java and .NET.
const HALF_DAYS: [&str; 3] = ["%Y.%m.%d %I:%M:%S %z", "%Y.%m.%d %I:%M:%S %p %z", "%Y.%m.%d %-I:%M:%S %z"];
/// Year of the week, months and minutes interchanged, day of the year.
const LETTERS: [&str; 6] = [
    "%G.%m.%d %H:%M:%S %z",
    "%Y.%M.%d %H:%M:%S %z",
    "%Y.%m.%d %H:%m:%S %z",
    "%Y.%M.%d %H:%m:%S %z",
    "%Y.%m.%j %H:%M:%S %z",
    "%G.%m.%j %H:%M:%S %z",
];
const HOUR_S: i64 = 3600;

/// The time in the ways in which clients sign it otherwise than they send it. Whether each is likely.
pub(super) fn times(sent: &str) -> Vec<(Spelling, String, bool)> {
    let Ok(at) = timestamp::parse(sent) else { return vec![(Spelling::TimeForm, sent.replace('+', " "), true)] };
    let Some(local) = offset_of(sent).map(|offset| at.with_timezone(&offset)) else { return Vec::new() };
    let utc = at.fixed_offset();
    let mut all = shifts(&local);
    let mut add = |how: Spelling, signed: String, is_likely| all.push((how, signed, is_likely));
    // Before the forms: one that leaves a zero out writes the same after nine o'clock.
    add(Spelling::TimeZone, utc.format(RIGHT).to_string(), true);
    add(Spelling::TimeForm, sent.replacen('+', " ", 1), true);
    add(Spelling::TimeForm, sent.replacen('+', "", 1), false);
    for (place, form) in FORMS.iter().enumerate() {
        add(Spelling::TimeForm, local.format(form).to_string(), place < 12);
        add(Spelling::TimeForm, utc.format(form).to_string(), place < 4);
    }
    for form in HALF_DAYS {
        add(Spelling::TimeHalfDay, local.format(form).to_string(), false);
    }
    for form in LETTERS {
        add(Spelling::TimeLetters, local.format(form).to_string(), false);
    }
    for offset in (-12..=14).filter_map(|hour| FixedOffset::east_opt(hour * 3600)) {
        // The same instant there, and the same figures called that zone's.
        add(Spelling::TimeZone, at.with_timezone(&offset).format(RIGHT).to_string(), false);
        let figures = local.format("%Y.%m.%d %H:%M:%S");
        add(Spelling::TimeZone, format!("{figures} {}", at.with_timezone(&offset).format("%z")), false);
    }
    all
}

/// Seconds between two calls of the clock, whole hours of a zone, days. Twelve hours are those of half a day.
fn shifts(local: &DateTime<FixedOffset>) -> Vec<(Spelling, String, bool)> {
    let seconds = (1..=10).flat_map(|second| [-second, second]).chain((11..=60).map(|second| -second));
    let hours = (1..=11).flat_map(|hour| [-hour * HOUR_S, hour * HOUR_S]).chain([-24 * HOUR_S, 24 * HOUR_S]);
    let minutes = (2..=10).map(|minute| -60 * minute);
    let shifted = seconds.chain(hours).chain(minutes).filter_map(|shift| {
        let at = local.checked_add_signed(TimeDelta::seconds(shift))?;
        Some((Spelling::TimeShift(shift), at.format(RIGHT).to_string(), (-3..=3).contains(&shift)))
    });
    shifted.collect()
}

/// `+0300` at the end of a timestamp, whose plus may be a blank.
fn offset_of(sent: &str) -> Option<FixedOffset> {
    let (hours, minutes) = (sent.get(21..23)?.parse::<i32>().ok()?, sent.get(23..25)?.parse::<i32>().ok()?);
    let east = hours * 3600 + minutes * 60;
    FixedOffset::east_opt(if sent.get(20..21)? == "-" { -east } else { east })
}
