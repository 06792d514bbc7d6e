//! Averages, terms, generated classes.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use proptest::prelude::*;

use super::{MadeUp, Mark, PupilRecords, average, current_term, hundredths, school_year};
use super::{data::Days, made_up::is_unmarked, terms::is_school_day};
use crate::{register::class_lessons, seed::Weekday};

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
        let days = Days { from: day("2024-09-01"), to: day("2025-05-31") };
        MadeUp { seed }.records(pupil, &timetable, &[], days)
    };
    assert_eq!(year(1, "ученик-1"), year(1, "ученик-1"));
    assert_ne!(year(1, "ученик-1"), year(2, "ученик-1"));
    assert_ne!(year(1, "ученик-1"), year(1, "ученик-2"));
    let marks = year(1, "ученик-1").marks;
    let count: usize = marks.values().map(Vec::len).sum();
    assert!((4..40).contains(&count), "{count} marks in 78 lessons");
    assert!(marks.values().flatten().all(|mark| Weekday::of(mark.date) == Some(Weekday::Monday)));
}

#[test]
fn the_first_grade_alone_has_neither_marks_nor_homework() {
    for (class, expected) in [("1А", true), ("1Е", true), ("1-6", true), ("11А", false), ("10Б", false), ("2А", false)]
    {
        assert_eq!(is_unmarked(class), expected, "{class}");
    }
}

#[test]
fn there_are_no_lessons_on_days_off_and_in_holidays() {
    let is_taught = |text: &str| is_school_day(&[], day(text));
    for taught in ["2024-09-02", "2024-12-27", "2025-01-09", "2025-05-12", "2025-01-18"] {
        assert!(is_taught(taught), "{taught}");
    }
    // Sunday, autumn holidays, a public holiday, New Year, days off moved to May, summer.
    for free in ["2024-09-01", "2024-10-29", "2024-11-04", "2025-01-03", "2025-05-01", "2025-05-09", "2025-07-15"] {
        assert!(!is_taught(free), "{free}");
    }
}

proptest! {
    /// For any seed and period: marks are valid, belong to lessons of the timetable, and fall within the period.
    #[test]
    fn what_is_made_up_is_plausible(seed: u64, class in 0..66_usize, pupil in 1..2000_u32, begin in 0..300_u64, length in 0..60_u64) {
        let (timetable, pupil) = (class_lessons(class), format!("ученик-{pupil}"));
        let from = day("2024-09-01") + chrono::Days::new(begin);
        let to = from + chrono::Days::new(length);
        let PupilRecords { marks, missed } = MadeUp { seed }.records(&pupil, &timetable, &[], Days { from, to });
        let lessons = marks.iter().flat_map(|(subject, marks)| marks.iter().map(move |mark| (mark.date, subject)));
        for (date, subject) in lessons.chain(missed.iter().map(|one| (one.date, &one.subject))) {
            prop_assert!((from..=to).contains(&date) && is_school_day(&[], date) && worlds::is_working_day(date), "{date}");
            prop_assert!(timetable[&Weekday::of(date).unwrap()].contains(subject), "{date} {subject}");
        }
        let is_plausible = |mark: &Mark| (2..=5).contains(&mark.mark) && [1, 3].contains(&mark.weight);
        prop_assert!(marks.values().flatten().all(is_plausible));
    }
}

#[test]
fn a_grade_has_its_own_subjects_and_none_of_them_twice_a_day() {
    for number in 0..66 {
        for (day, lessons) in class_lessons(number) {
            let different: BTreeSet<_> = lessons.iter().collect();
            assert_eq!(different.len(), lessons.len(), "{number} {day:?}: {lessons:?}");
            assert_ne!(day, Weekday::Saturday);
        }
    }
    let has = |number: usize, subject: &str| class_lessons(number).values().flatten().any(|one| one == subject);
    assert!(has(0, "Окружающий мир") && !has(0, "Химия") && !has(0, "Английский язык"), "first grade");
    assert!(has(4, "История") && has(4, "Математика") && !has(4, "Алгебра"), "fifth grade");
    assert!(has(7, "Алгебра") && has(7, "Химия") && has(6, "Физика") && !has(6, "Химия"), "seventh and eighth grades");
    assert!(has(10, "Обществознание") && !has(10, "Музыка"), "eleventh grade");
}
