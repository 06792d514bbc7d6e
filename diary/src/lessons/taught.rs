//! Records that teachers have entered since the world began. A mark entered here replaces that of the seed or of the
//! generator for the same lesson.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::data::{Attendance, ClassId, Days, Mark, PupilRecords};
use crate::seed::AttendanceStatus;

/// A lesson of a class in a subject on a day.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Lesson {
    /// Key of the school; empty for the first one.
    pub(crate) school: String,
    pub(crate) class: String,
    pub(crate) subject: String,
    pub(crate) date: NaiveDate,
}

impl Lesson {
    pub(crate) fn class_id(&self) -> ClassId {
        (self.school.clone(), self.class.clone())
    }

    fn at(&self) -> At {
        (self.date, self.subject.clone())
    }
}

/// Mark of a lesson, as the teacher gives it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Grade {
    pub(crate) mark: u8,
    /// How many ordinary marks this one counts for.
    pub(crate) weight: u8,
    /// Work that was marked; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) work: String,
}

impl Grade {
    /// Returns the mark with the date of its lesson.
    fn on(&self, date: NaiveDate) -> Mark {
        Mark { date, mark: self.mark, weight: self.weight, work: self.work.clone() }
    }
}

impl From<&Mark> for Grade {
    fn from(mark: &Mark) -> Self {
        Self { mark: mark.mark, weight: mark.weight, work: mark.work.clone() }
    }
}

/// Mark and attendance of one pupil at one lesson, as a teacher sees and enters them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LessonRecord {
    pub(crate) grade: Option<Grade>,
    pub(crate) attendance: Option<AttendanceStatus>,
}

type At = (NaiveDate, String);

/// Entered records, by pupil or class. An inner `None` means that the teacher removed the value.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Taught {
    grades: BTreeMap<String, BTreeMap<At, Option<Grade>>>,
    attendance: BTreeMap<String, BTreeMap<At, Option<AttendanceStatus>>>,
    homework: BTreeMap<ClassId, BTreeMap<At, Option<String>>>,
}

impl Taught {
    pub(crate) fn put_grade(&mut self, pupil: &str, lesson: &Lesson, grade: Option<Grade>) {
        self.grades.entry(pupil.to_owned()).or_default().insert(lesson.at(), grade);
    }

    pub(crate) fn put_attendance(&mut self, pupil: &str, lesson: &Lesson, status: Option<AttendanceStatus>) {
        self.attendance.entry(pupil.to_owned()).or_default().insert(lesson.at(), status);
    }

    pub(crate) fn put_homework(&mut self, lesson: &Lesson, text: Option<String>) {
        self.homework.entry(lesson.class_id()).or_default().insert(lesson.at(), text);
    }

    /// Replaces marks and attendance of these days by those that teachers entered.
    pub(super) fn lay_over(&self, pupil: &str, days: Days, PupilRecords { marks, missed }: &mut PupilRecords) {
        for ((date, subject), grade) in
            self.grades.get(pupil).into_iter().flatten().filter(|((day, _), _)| days.contain(*day))
        {
            let kept = marks.entry(subject.clone()).or_default();
            kept.retain(|mark| mark.date != *date);
            kept.extend(grade.as_ref().map(|grade| grade.on(*date)));
        }
        let entered = self.attendance.get(pupil).into_iter().flatten();
        for ((date, subject), status) in entered.filter(|((day, _), _)| days.contain(*day)) {
            missed.retain(|one| (one.date, &one.subject) != (*date, subject));
            missed.extend(status.map(|status| Attendance { date: *date, subject: subject.clone(), status }));
        }
    }

    /// Returns the homework that a teacher entered; `Some(None)` means that the teacher removed it.
    #[expect(clippy::option_option, reason = "nothing said, and said that there is none, are two things")]
    pub(super) fn homework(&self, class: &ClassId, date: NaiveDate, subject: &str) -> Option<Option<String>> {
        self.homework.get(class)?.get(&(date, subject.to_owned())).cloned()
    }
}
