//! A week of lessons with homework, marks and attendance, and the attendance of whole weeks.

use chrono::{Datelike, Days, NaiveDate};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{
    lessons::{Attendance, Of, PupilRecords, Term, day_off},
    seed::{AttendanceStatus, Weekday},
};

/// A lesson of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LessonView {
    /// Name of the subject.
    pub(crate) subject: String,
    /// What to do by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) homework: Option<String>,
    /// Marks got on that day.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) marks: Vec<u8>,
    /// What was the matter, if the pupil missed the lesson or came late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) missed: Option<AttendanceStatus>,
}

/// A school day, be it without lessons.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayView {
    pub(crate) date: NaiveDate,
    /// Day of the week.
    pub(crate) day: &'static str,
    /// Lessons in order; none on days off and in holidays.
    pub(crate) lessons: Vec<LessonView>,
    /// Why there are none: «каникулы» or «выходной день».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) off: Option<&'static str>,
}

/// Lessons of a week, and how many of them were missed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct AttendedView {
    /// Monday of the week.
    pub(crate) week: NaiveDate,
    /// Lessons that the timetable has.
    pub(crate) lessons: usize,
    /// Missed without a reason given.
    pub(crate) absent: usize,
    /// Missed because of an illness.
    pub(crate) ill: usize,
    /// How many lessons the pupil came late to.
    pub(crate) late: usize,
}

/// Returns the Monday of the week that contains a day.
pub(crate) fn monday(day: NaiveDate) -> NaiveDate {
    day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day)
}

/// Builds the school days of a week, Monday to Saturday.
pub(super) fn timetable(of: &Of<'_>, monday: NaiveDate, today: NaiveDate) -> Vec<DayView> {
    let last = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
    let whole = Term { title: String::new(), from: monday, to: last };
    let records = of.of_term(&whole, today);
    let days = monday.iter_days().take(7).filter_map(|date| Some((date, Weekday::of(date)?)));
    let days = days.map(|(date, day)| {
        let lessons = of.on(date).iter().map(|subject| lesson(of, &records, date, subject));
        DayView { date, day: day.name(), lessons: lessons.collect(), off: day_off(&of.lessons.terms, date) }
    });
    days.collect()
}

fn lesson(of: &Of<'_>, records: &PupilRecords, date: NaiveDate, subject: &str) -> LessonView {
    let marks = records.marks.get(subject).into_iter().flatten().filter(|mark| mark.date == date);
    let missed = records.missed.iter().find(|one| one.date == date && one.subject == subject);
    LessonView {
        subject: subject.to_owned(),
        homework: of.homework(date, subject),
        marks: marks.map(|mark| mark.mark).collect(),
        missed: missed.map(|one| one.status),
    }
}

/// Returns the weeks of a term up to today that have lessons; `missed` is the pupil's attendance of that term.
pub(super) fn attended(of: &Of<'_>, term: &Term, missed: &[Attendance], today: NaiveDate) -> Vec<AttendedView> {
    let last = today.min(term.to);
    let mut weeks: Vec<AttendedView> = Vec::new();
    for date in term.from.iter_days().take_while(|date| *date <= last) {
        let week = monday(date);
        if weeks.last().is_none_or(|one| one.week != week) {
            weeks.push(AttendedView { week, lessons: 0, absent: 0, ill: 0, late: 0 });
        }
        let Some(counted) = weeks.last_mut() else { continue };
        counted.lessons += of.on(date).len();
        for one in missed.iter().filter(|one| one.date == date) {
            match one.status {
                AttendanceStatus::Absent => counted.absent += 1,
                AttendanceStatus::Ill => counted.ill += 1,
                AttendanceStatus::Late => counted.late += 1,
            }
        }
    }
    weeks.retain(|week| week.lessons > 0);
    weeks
}
