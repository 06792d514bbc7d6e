//! Mistakes in `timestamp`: another format, or a time too far from the world's clock.

use std::ops::RangeInclusive;

use chrono::{DateTime, Datelike as _, TimeDelta, Timelike as _, Utc};
use esia::timestamp::{parse, print};
use worlds::mistakes::{named, short};

/// Maximum distance of a difference from a multiple of half an hour at which a wrong time zone is assumed instead of a
/// wrong clock.
const EXACT: TimeDelta = TimeDelta::seconds(90);
/// Time zones that exist, seconds from UTC.
const ZONES: RangeInclusive<i64> = -12 * 3600..=14 * 3600;

/// Names the mistake of a text that is not a timestamp.
pub(crate) fn malformed(text: &str, now: DateTime<Utc>) -> String {
    let near = |text: &str| parse(text).is_ok_and(|at| (at - now).abs() < TimeDelta::days(1));
    if let Some(slip) = super::value::slip("timestamp", text, |inner| parse(inner).is_ok()) {
        return slip;
    }
    if let Some(id) = exchanged(text, now, near) {
        return id.to_owned();
    }
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    let id = match text.len() {
        9..=11 if digits => "time-unix",
        12..=14 if digits => "time-milliseconds",
        _ if parse(text) == Err(esia::timestamp::TimestampError::Value) => "timestamp-value",
        _ => form(text),
    };
    id.to_owned()
}

/// Names the part of a timestamp that has another format.
fn form(text: &str) -> &'static str {
    let shape: String = text.chars().map(|sign| if sign.is_ascii_digit() { '0' } else { sign }).collect();
    let is_iso = shape.starts_with("0000-00-00T") || shape.starts_with("00000000T");
    let offset = shape.get(19..).unwrap_or_default();
    let has_date = shape.starts_with("0000.00.00 00:00:00");
    match shape.as_str() {
        _ if is_iso => "time-iso",
        "0000.00.00 00:00:00" => "time-no-offset",
        _ if has_date && offset.starts_with(['.', ',']) => "time-fraction",
        _ if has_date && is_of_half_a_day(offset) => "time-12-hour",
        _ if has_date => "time-offset-form",
        shape if shape.starts_with("00.00.00 ") => "time-short-year",
        shape if shape.starts_with("00.00.0000") || shape.starts_with("00/00/0000") => "time-reversed-date",
        shape if short_parts(shape) => "time-short",
        shape if shape.starts_with("0000-00-00") || shape.starts_with("0000/00/00") => "time-separators",
        _ => "timestamp-format",
    }
}

/// ` AM +0300`, ` pm`
fn is_of_half_a_day(after: &str) -> bool {
    let after = after.trim_start().to_ascii_lowercase();
    after.starts_with("am") || after.starts_with("pm")
}

/// Checks for parts without leading zeros: `2024.9.2 9:00:00 +0300`.
fn short_parts(shape: &str) -> bool {
    let squeezed = shape.replace("00", "0");
    squeezed.replace("00", "0") == "0.0.0 0:0:0 +0"
}

/// Names a swap of month and minutes, or of day and month, if undoing it brings the time near the world's.
fn exchanged(text: &str, now: DateTime<Utc>, near: impl Fn(&str) -> bool) -> Option<&'static str> {
    if text.len() != 25 || !text.is_ascii() {
        return None;
    }
    let here = worlds::moscow::local(now);
    let put = |at: usize, part: &str| format!("{}{part}{}", &text[..at], &text[at + 2..]);
    let (month, minute) = (format!("{:02}", here.month()), format!("{:02}", here.minute()));
    let (written_month, written_day, written_minute) = (&text[5..7], &text[8..10], &text[14..16]);
    if written_month == written_minute && written_month != month && near(&put(5, &month)) {
        return Some("time-minutes-for-month");
    }
    if written_minute == written_month && written_minute != minute && near(&put(14, &minute)) && parse(text).is_err() {
        return Some("time-month-for-minutes");
    }
    let swapped = format!("{}{written_day}.{written_month}{}", &text[..5], &text[10..]);
    (written_day != written_month && near(&swapped)).then_some("time-day-month")
}

/// Explanation of a time that is too far from the world's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Off {
    /// Name of the mistake.
    pub(crate) mistake: String,
    /// Timestamp that should have been sent, if it is known.
    pub(crate) right: Option<String>,
}

/// Explains why a time is far from the world's. The offset is taken from the end of the text, such as `+0300`.
pub(crate) fn off(text: &str, at: DateTime<Utc>, now: DateTime<Utc>) -> Off {
    let near = |text: &str| parse(text).is_ok_and(|at| (at - now).abs() <= EXACT);
    let off = at - now;
    let plain = |id: &str| Off { mistake: named(id, &short(off)), right: None };
    if let Some(id) = exchanged(text, now, near) {
        return Off { mistake: id.to_owned(), right: Some(print(now)) };
    }
    // No signature is as old as that: the first year of some calendars, and the first one of Unix.
    if at.year() <= 1970 {
        return Off { mistake: "time-unset".to_owned(), right: Some(print(now)) };
    }
    if text.get(11..13) == Some("24") {
        return Off { mistake: "time-hour-24".to_owned(), right: Some(print(now)) };
    }
    let minute_is_month = text.get(14..16).is_some_and(|minute| Some(minute) == text.get(5..7));
    if minute_is_month && off.abs() < TimeDelta::hours(1) {
        return Off { mistake: "time-month-for-minutes".to_owned(), right: Some(print(now)) };
    }
    let hour: Option<u32> = text.get(11..13).and_then(|hour| hour.parse().ok());
    let twelve = TimeDelta::hours(12);
    if (off.abs() - twelve).abs() <= EXACT && hour.is_some_and(|hour| (1..=12).contains(&hour)) {
        return Off { mistake: "time-12-hour".to_owned(), right: Some(print(now)) };
    }
    if let Some(written) = written_offset(text) {
        let halves = (off.num_seconds() + off.num_seconds().signum() * 900) / 1800 * 1800;
        let meant = written + halves;
        let is_exact = halves != 0 && (off - TimeDelta::seconds(halves)).abs() <= EXACT;
        if is_exact && ZONES.contains(&meant) && halves.abs() >= 3600 {
            let sign = if meant < 0 { '-' } else { '+' };
            let zone = format!("{sign}{:02}{:02}", meant.abs() / 3600, meant.abs() % 3600 / 60);
            let right = text.get(..20).map(|start| format!("{start}{zone}"));
            return Off { mistake: named("time-zone", &zone), right };
        }
    }
    let year = TimeDelta::days(365);
    let is_end_of_year = now.month() == 12 && now.day() >= 28;
    if is_end_of_year && off > year - TimeDelta::days(1) && off < year + TimeDelta::days(2) {
        return Off { mistake: "time-week-year".to_owned(), right: Some(print(now)) };
    }
    plain(if off > TimeDelta::zero() { "clock-ahead" } else { "clock-behind" })
}

/// Returns the offset at the end of a timestamp, such as `+0300`, in seconds.
fn written_offset(text: &str) -> Option<i64> {
    let zone = text.get(20..25)?;
    let (hours, minutes): (i64, i64) = (zone.get(1..3)?.parse().ok()?, zone.get(3..5)?.parse().ok()?);
    let seconds = hours * 3600 + minutes * 60;
    Some(if zone.starts_with('-') { -seconds } else { seconds })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn now() -> DateTime<Utc> {
        "2024-09-02T18:47:05Z".parse().unwrap()
    }

    #[test]
    fn a_time_in_another_form_is_named() {
        let check = |text: &str, expected: &str| assert_eq!(malformed(text, now()), expected, "{text}");
        check("1725302825", "time-unix");
        check("1725302825123", "time-milliseconds");
        check("2024-09-02T21:47:05+03:00", "time-iso");
        check("2024.09.02 21:47:05", "time-no-offset");
        check("2024.09.02 21:47:05 +03:00", "time-offset-form");
        check("2024.09.02 21:47:05 MSK", "time-offset-form");
        check("2024.09.02 21:47:05+0300", "time-offset-form");
        check("2024.09.02 21:47:05.123 +0300", "time-fraction");
        check("2024.9.2 21:47:05 +0300", "time-short");
        check("02.09.2024 21:47:05 +0300", "time-reversed-date");
        check("2024-09-02 21:47:05 +0300", "time-separators");
        check("2024.09.02+21%3A47%3A05+%2B0300", "parameter-encoded-twice=timestamp");
        check("2024.09.02 21:47:05 +0300\n", "parameter-blanks=timestamp");
        check("2024.47.02 21:47:05 +0300", "time-minutes-for-month");
        check("2024.02.30 21:47:05 +0300", "timestamp-value");
        check("2024.13.02 21:47:05 +0300", "timestamp-value");
        check("Mon Sep 02 2024", "timestamp-format");
        check("undefined", "parameter-placeholder=timestamp");
    }

    #[test]
    fn a_time_that_is_off_says_why() {
        let check = |text: &str, expected: &str| {
            assert_eq!(off(text, parse(text).unwrap(), now()).mistake, expected, "{text}");
        };
        check("2024.09.02 21:57:05 +0300", "clock-ahead=10m");
        check("2024.09.02 21:30:05 +0300", "clock-behind=17m");
        check("2024.09.02 21:47:05 +0000", "time-zone=+0300");
        check("2024.09.02 18:47:09 +0300", "time-zone=+0000");
        check("2024.09.03 00:17:05 +0300", "time-zone=+0530");
        check("2024.09.02 09:47:05 +0300", "time-12-hour");
        check("2024.02.09 21:47:05 +0300", "time-day-month");
        check("2024.09.02 21:09:05 +0300", "time-month-for-minutes");
        check("2024.08.30 11:20:05 +0300", "clock-behind=3d10h");
        let right = off("2024.09.02 21:47:05 +0000", parse("2024.09.02 21:47:05 +0000").unwrap(), now()).right;
        assert_eq!(right.as_deref(), Some("2024.09.02 21:47:05 +0300"));
    }
}
