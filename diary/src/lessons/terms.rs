//! Terms of the school year.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Term {
    pub(crate) title: String,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

/// A day of a school year: years since its September, month, day.
type Day = (i32, u32, u32);

/// The usual four terms: title, first and last day.
const USUAL: [(&str, Day, Day); 4] = [
    ("1 четверть", (0, 9, 1), (0, 10, 26)),
    ("2 четверть", (0, 11, 5), (0, 12, 28)),
    ("3 четверть", (1, 1, 9), (1, 3, 22)),
    ("4 четверть", (1, 3, 31), (1, 5, 31)),
];

/// The terms of the school year of a day: the seed's own, or the usual four. A year begins in August.
pub(crate) fn school_year(own: &[Term], today: NaiveDate) -> Vec<Term> {
    if !own.is_empty() {
        return own.to_vec();
    }
    let september = if today.month() >= 8 { today.year() } else { today.year() - 1 };
    let day = |(years, month, day)| NaiveDate::from_ymd_opt(september + years, month, day);
    let terms = USUAL
        .iter()
        .filter_map(|(title, from, to)| Some(Term { title: (*title).to_owned(), from: day(*from)?, to: day(*to)? }));
    terms.collect()
}

/// The term of a day, or in holidays the one before; the first when none has begun.
pub(crate) fn current_term(terms: &[Term], today: NaiveDate) -> Option<usize> {
    let begun = terms.iter().rposition(|term| term.from <= today);
    begun.or_else(|| (!terms.is_empty()).then_some(0))
}

/// Why there are no lessons, in Russian: not within a term, or a day off of the production calendar. Saturdays, which that
/// calendar does not count, are as the timetable says.
pub(crate) fn day_off(own: &[Term], day: NaiveDate) -> Option<&'static str> {
    let is_within = school_year(own, day).iter().any(|term| (term.from..=term.to).contains(&day));
    let is_taught = day.weekday() == Weekday::Sat || worlds::is_working_day(day);
    match (is_within, is_taught) {
        (false, _) => Some("каникулы"),
        (true, false) => Some("выходной день"),
        (true, true) => None,
    }
}

/// Whether there are lessons on a day, if the timetable has any.
pub(crate) fn is_school_day(own: &[Term], day: NaiveDate) -> bool {
    day_off(own, day).is_none()
}
