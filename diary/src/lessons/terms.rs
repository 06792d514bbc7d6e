//! Terms of the school year.

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Term {
    pub(crate) title: String,
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

/// Day of a school year: years since its September, month, day.
type Day = (i32, u32, u32);

/// The usual four terms: title, first and last day.
const USUAL: [(&str, Day, Day); 4] = [
    ("1 четверть", (0, 9, 1), (0, 10, 26)),
    ("2 четверть", (0, 11, 5), (0, 12, 28)),
    ("3 четверть", (1, 1, 9), (1, 3, 22)),
    ("4 четверть", (1, 3, 31), (1, 5, 31)),
];

/// Returns the terms of the school year that contains a day: those of the seed, or the usual four. A school year begins
/// in August.
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

/// Returns the index of the term of a day; in holidays, of the term before; 0 when none has begun.
pub(crate) fn current_term(terms: &[Term], today: NaiveDate) -> Option<usize> {
    let begun = terms.iter().rposition(|term| term.from <= today);
    begun.or_else(|| (!terms.is_empty()).then_some(0))
}

/// Returns the Russian reason why a day has no lessons: it is outside of the terms, or a day off in the production
/// calendar. Saturdays, which that calendar does not count as working days, follow the timetable.
pub(crate) fn day_off(own: &[Term], day: NaiveDate) -> Option<&'static str> {
    let is_within = school_year(own, day).iter().any(|term| (term.from..=term.to).contains(&day));
    let is_taught = day.weekday() == Weekday::Sat || worlds::is_working_day(day);
    match (is_within, is_taught) {
        (false, _) => Some("каникулы"),
        (true, false) => Some("выходной день"),
        (true, true) => None,
    }
}

/// Checks whether a day has lessons, provided that the timetable has any.
pub(crate) fn is_school_day(own: &[Term], day: NaiveDate) -> bool {
    day_off(own, day).is_none()
}
