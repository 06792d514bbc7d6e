//! Averages, terms, made-up classes.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{MadeUp, Mark, Marks, average, current_term, hundredths, school_year};
use crate::seed::Weekday;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn mark(mark: u8, weight: u8) -> Mark {
    Mark { date: day("2024-09-02"), mark, weight, work: String::new() }
}

#[test]
fn an_average_counts_weights_and_rounds_to_the_nearest() {
    let shown = |marks: &[Mark]| average(marks).map(hundredths);
    assert_eq!(shown(&[]), None);
    assert_eq!(shown(&[mark(5, 1)]).as_deref(), Some("5,00"));
    assert_eq!(shown(&[mark(5, 1), mark(2, 3)]).as_deref(), Some("2,75"));
    assert_eq!(shown(&[mark(5, 1), mark(4, 1), mark(4, 1)]).as_deref(), Some("4,33"));
    assert_eq!(shown(&[mark(5, 2), mark(4, 1)]).as_deref(), Some("4,67"));
}

#[test]
fn a_day_has_its_term_and_holidays_the_one_before() {
    let term = |today: &str| {
        let terms = school_year(&[], day(today));
        current_term(&terms, day(today)).map(|at| format!("{} {}", terms[at].title, terms[at].from))
    };
    assert_eq!(term("2024-08-20").as_deref(), Some("1 четверть 2024-09-01"));
    assert_eq!(term("2024-10-30").as_deref(), Some("1 четверть 2024-09-01"));
    assert_eq!(term("2025-01-09").as_deref(), Some("3 четверть 2025-01-09"));
    assert_eq!(term("2025-07-31").as_deref(), Some("4 четверть 2025-03-31"));
}

#[test]
fn what_is_made_up_depends_on_the_seed_and_the_pupil_alone() {
    let timetable = BTreeMap::from([(Weekday::Monday, vec!["Математика".to_owned(), "История".to_owned()])]);
    let year = |seed, pupil| {
        let (mut marks, mut missed) = (Marks::new(), Vec::new());
        MadeUp { seed }.add(pupil, &timetable, (day("2024-09-01"), day("2025-05-31")), (&mut marks, &mut missed));
        (marks, missed)
    };
    assert_eq!(year(1, "ученик-1"), year(1, "ученик-1"));
    assert_ne!(year(1, "ученик-1"), year(2, "ученик-1"));
    assert_ne!(year(1, "ученик-1"), year(1, "ученик-2"));
    let (marks, _) = year(1, "ученик-1");
    let count: usize = marks.values().map(Vec::len).sum();
    assert!((4..40).contains(&count), "{count} marks in 78 lessons");
    assert!(marks.values().flatten().all(|mark| Weekday::of(mark.date) == Some(Weekday::Monday)));
}
