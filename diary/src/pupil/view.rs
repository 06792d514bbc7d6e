//! Views of a pupil's diary, and access to it.

use chrono::NaiveDate;
use esia::FullName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    model::{DiaryError, open_to},
    week::{AttendedView, DayView, attended, monday, timetable},
};
use crate::{
    gendered,
    lessons::{Attendance, Mark, Of, PupilRecords, Term, average, current_term, hundredths, school_year},
    profile::Service,
    register::{Pupil, Who},
    seed::AttendanceStatus,
    state::Diary,
};

/// A pupil in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct PupilView {
    /// Key, for addresses.
    pub(crate) key: String,
    /// «Фамилия Имя Отчество».
    pub(crate) name: String,
    /// Name of the class, as `7А`.
    pub(crate) class: String,
    /// School, when it is not the only one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) school: Option<String>,
    /// The name in its parts.
    #[serde(skip)]
    full_name: FullName,
}

impl PupilView {
    pub(crate) fn of(diary: &Diary, key: &str, pupil: &Pupil) -> Self {
        let is_only = diary.config.schools.len() == 1;
        let school = (!is_only).then(|| diary.config.name_of(&pupil.school));
        let (name, full_name) = (pupil.name.to_string(), pupil.name.clone());
        Self { key: key.to_owned(), name, class: pupil.class.clone(), school, full_name }
    }

    /// Returns the first name and class, as a family names the pupil: «Иван, 7А».
    pub(crate) fn short(&self) -> String {
        let first = self.full_name.first();
        if self.class.is_empty() { first.to_owned() } else { format!("{first}, {}", self.class) }
    }

    /// Returns «Ученик» or «Ученица».
    pub(crate) fn word(&self) -> &'static str {
        gendered::fitting(&self.full_name, ["Ученик", "Ученица", "Ученик"])
    }

    /// Returns the Russian words for the pupil's attendance at a lesson.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "a template passes references")]
    pub(crate) fn attended(&self, status: &AttendanceStatus) -> &'static str {
        gendered::attended(&self.full_name, Some(*status))
    }
}

/// Marks in one subject.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectView {
    /// Name of the subject.
    pub(crate) subject: String,
    /// Marks of the term in the order of days.
    pub(crate) marks: Vec<MarkView>,
    /// Average with weights, as «4,33».
    pub(crate) average: Option<String>,
}

/// A mark in a subject.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MarkView {
    /// Day of the lesson.
    pub(crate) date: NaiveDate,
    /// 1 to 5.
    pub(crate) mark: u8,
    /// How many ordinary marks it counts for.
    pub(crate) weight: u8,
    /// What the mark is for, as «контрольная работа».
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(crate) work: String,
}

impl From<&Mark> for MarkView {
    fn from(mark: &Mark) -> Self {
        Self { date: mark.date, mark: mark.mark, weight: mark.weight, work: mark.work.clone() }
    }
}

/// A term of the school year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct TermView {
    /// As «1 четверть».
    pub(crate) title: String,
    /// First day of the term.
    pub(crate) from: NaiveDate,
    /// Last day of the term.
    pub(crate) to: NaiveDate,
}

/// A lesson missed, or begun late.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissedView {
    /// Day of the lesson.
    pub(crate) date: NaiveDate,
    /// Name of the subject.
    pub(crate) subject: String,
    /// What was the matter.
    pub(crate) status: AttendanceStatus,
}

impl From<&Attendance> for MissedView {
    fn from(missed: &Attendance) -> Self {
        Self { date: missed.date, subject: missed.subject.clone(), status: missed.status }
    }
}

/// A pupil's diary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiaryView {
    pub(crate) pupil: PupilView,
    /// Terms of the year.
    pub(crate) terms: Vec<TermView>,
    /// Which of them is shown, from 1; none when the year has no terms.
    pub(crate) term: Option<usize>,
    /// «Оценки» of the term.
    pub(crate) marks: Vec<SubjectView>,
    /// Monday of the week that is shown.
    pub(crate) week: NaiveDate,
    /// «Расписание» of the week: all its school days, Monday to Saturday.
    pub(crate) timetable: Vec<DayView>,
    /// «Посещаемость» of the term.
    pub(crate) attendance: Vec<MissedView>,
    /// Lessons of each week of the term up to today, and how many of them were missed.
    pub(crate) weeks: Vec<AttendedView>,
    /// The school's other services.
    pub(crate) services: Vec<Service>,
}

impl DiaryView {
    /// Checks whether the page shows this term.
    pub(crate) fn shows_term(&self, number: usize) -> bool {
        self.term == Some(number)
    }

    /// Returns the Monday that is this many weeks after the shown one.
    pub(crate) fn week_after(&self, weeks: i64) -> NaiveDate {
        self.week.checked_add_signed(chrono::TimeDelta::weeks(weeks)).unwrap_or(self.week)
    }
}

/// Which part of a diary.
#[derive(Debug, Clone, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct Part {
    /// A day of the week to show, `ГГГГ-ММ-ДД`; today's by default.
    pub(crate) week: Option<String>,
    /// The term to show, from 1; today's by default.
    pub(crate) term: Option<usize>,
}

/// Returns views of the pupils whose diaries a person may open now.
///
/// # Errors
/// Returns the reason if there is none.
pub(crate) fn open_views(diary: &Diary, who: &Who) -> Result<Vec<PupilView>, DiaryError> {
    Ok(open_to(diary, who)?.into_iter().map(|(key, pupil)| PupilView::of(diary, key, pupil)).collect())
}

/// Returns one diary, if it is open to the person.
///
/// # Errors
/// Fails if the diary is not open to the person, or if there is no such week or term.
pub(crate) fn diary_of(
    diary: &Diary,
    who: &Who,
    key: &str,
    part: &Part,
    today: NaiveDate,
) -> Result<DiaryView, DiaryError> {
    let open = open_to(diary, who)?.into_iter().find(|(open, _)| *open == key);
    let (_, pupil) = open.ok_or(DiaryError::Unknown)?;
    let view = PupilView::of(diary, key, pupil);
    let config = &diary.config;
    let of = Of { lessons: &config.lessons, taught: &diary.teaching.taught, key, pupil };
    let day = match &part.week {
        None => today,
        Some(text) => worlds::read_day(text)?,
    };
    let terms = school_year(&config.lessons.terms, day);
    let term = match part.term {
        Some(number) if (1..=terms.len()).contains(&number) => Some(number - 1),
        Some(_) => return Err(DiaryError::Term),
        None => current_term(&terms, day),
    };
    let PupilRecords { marks, missed } = term.map(|at| of.of_term(&terms[at], today)).unwrap_or_default();
    let weeks = term.map(|at| attended(&of, &terms[at], &missed, today)).unwrap_or_default();
    let week = monday(day);
    let subjects = marks.iter().map(|(subject, marks)| SubjectView {
        subject: subject.clone(),
        average: average(marks).map(hundredths),
        marks: marks.iter().map(MarkView::from).collect(),
    });
    let services = config.schools.get(&pupil.school).map(|school| school.services.clone()).unwrap_or_default();
    let terms_view =
        terms.iter().map(|Term { title, from, to }| TermView { title: title.clone(), from: *from, to: *to });
    Ok(DiaryView {
        marks: subjects.collect(),
        timetable: timetable(&of, week, today),
        weeks,
        attendance: missed.iter().map(MissedView::from).collect(),
        terms: terms_view.collect(),
        term: term.map(|at| at + 1),
        week,
        services,
        pupil: view,
    })
}
