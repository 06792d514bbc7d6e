//! Rules for marks, attendance and homework that a teacher enters. Pure.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::event::TeachingEvent;
use crate::{
    lessons::{Grade, Lesson, LessonRecord, Of, homework},
    register::{Pupil, Role, Staff},
    seed::AttendanceStatus,
    state::Diary,
};

/// Maximum length of homework, characters.
const HOMEWORK_LIMIT: usize = 1000;
/// Maximum length of the name of a work, characters.
const WORK_LIMIT: usize = 100;

/// What is entered for one pupil. It replaces what was there: without a mark there is none any more.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct RowForm {
    /// «Оценка», 1 to 5.
    pub(super) mark: Option<i64>,
    /// «Вес», 1 to 10: how many ordinary marks it counts for; 1 by default.
    pub(super) weight: Option<i64>,
    /// «За что», as «контрольная работа».
    pub(super) work: String,
    /// «Посещаемость»: `absent`, `late` or `ill`; empty when the pupil was there.
    pub(super) attendance: String,
}

/// What is entered for a lesson.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct LessonForm {
    /// «Домашнее задание»; empty: there is none. Absent: it stays as it is.
    pub(super) homework: Option<String>,
    /// By the pupil's key; pupils who are not named stay as they are.
    pub(super) pupils: BTreeMap<String, RowForm>,
}

/// Reason why nothing is recorded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LessonError {
    /// The employee does not teach this subject in this class.
    #[error("Предмет «{subject}» в классе {class} ведёте не вы")]
    NotYours { class: String, subject: String },
    /// The timetable has no such lesson on that day.
    #[error("{} у {class} нет урока «{subject}»", date.format("%d.%m.%Y"))]
    NoLesson { class: String, subject: String, date: NaiveDate },
    /// Faulty fields, each with a Russian explanation.
    #[error("В журнал урока ничего не записано")]
    Wrong(Vec<(String, String)>),
}

impl Staff {
    /// Checks whether the employee teaches a subject in a class of their school.
    fn has_subject(&self, class: &str, subject: &str) -> bool {
        self.is(Role::Teacher) && self.teaches.contains(&(class.to_owned(), subject.to_owned()))
    }
}

impl Diary {
    /// Returns the teacher's lessons of a day: number, class, subject.
    pub(super) fn lessons_of(&self, staff: &Staff, date: NaiveDate) -> Vec<(usize, String, String)> {
        let classes: std::collections::BTreeSet<_> = staff.teaches.iter().map(|(class, _)| class).collect();
        let mut own = Vec::new();
        for class in classes {
            let lessons = self.config.lessons.of_day(&(staff.school.clone(), class.clone()), date);
            let mine = lessons.iter().enumerate().filter(|(_, subject)| staff.has_subject(class, subject));
            own.extend(mine.map(|(at, subject)| (at + 1, class.clone(), subject.clone())));
        }
        own.sort();
        own
    }

    /// Returns a lesson of a teacher.
    ///
    /// # Errors
    /// Fails if the employee does not teach it, or if the timetable has no such lesson.
    pub(super) fn lesson(
        &self,
        staff: &Staff,
        class: &str,
        subject: &str,
        date: NaiveDate,
    ) -> Result<Lesson, LessonError> {
        let (class, subject) = (class.to_owned(), subject.to_owned());
        if !staff.has_subject(&class, &subject) {
            return Err(LessonError::NotYours { class, subject });
        }
        let lesson = Lesson { school: staff.school.clone(), class, subject, date };
        if self.config.lessons.of_day(&lesson.class_id(), date).contains(&lesson.subject) {
            return Ok(lesson);
        }
        let Lesson { class, subject, .. } = lesson;
        Err(LessonError::NoLesson { class, subject, date })
    }

    /// Returns the lessons of a pupil.
    pub(super) fn of_pupil<'d>(&'d self, key: &'d str, pupil: &'d Pupil) -> Of<'d> {
        Of { lessons: &self.config.lessons, taught: &self.teaching.taught, key, pupil }
    }

    /// Returns the homework for a lesson.
    pub(super) fn homework_of(&self, lesson: &Lesson) -> Option<String> {
        let lessons = &self.config.lessons;
        homework(lessons, &self.teaching.taught, &lesson.class_id(), lesson.date, &lesson.subject)
    }

    /// Decides all changes of a form, or none if any field is faulty. Unchanged values produce no event.
    ///
    /// # Errors
    /// Returns all faulty fields.
    pub(super) fn enter(
        &self,
        by: &str,
        lesson: &Lesson,
        form: &LessonForm,
        today: NaiveDate,
    ) -> Result<Vec<TeachingEvent>, LessonError> {
        let (mut events, mut faults) = (Vec::new(), Vec::new());
        for (key, row) in &form.pupils {
            match self.register.pupil(key).filter(|pupil| is_in(pupil, lesson)) {
                Some(pupil) => match row.read(key, lesson.date <= today) {
                    Ok(entered) => {
                        let kept = self.of_pupil(key, pupil).of_lesson(&lesson.subject, lesson.date);
                        events.extend(changes(by, lesson, key, kept, entered));
                    }
                    Err(wrong) => faults.extend(wrong),
                },
                None => faults.push((format!("pupils.{key}"), format!("В классе {} такого ученика нет", lesson.class))),
            }
        }
        if let Some(text) = &form.homework {
            match limited(text, HOMEWORK_LIMIT) {
                Ok(text) => {
                    let (before, after) = (self.homework_of(lesson), (!text.is_empty()).then_some(text));
                    if before != after {
                        events.push(TeachingEvent::HomeworkSet {
                            by: by.to_owned(),
                            lesson: lesson.clone(),
                            before,
                            after,
                        });
                    }
                }
                Err(fault) => faults.push(("homework".to_owned(), fault)),
            }
        }
        if faults.is_empty() { Ok(events) } else { Err(LessonError::Wrong(faults)) }
    }
}

fn is_in(pupil: &Pupil, lesson: &Lesson) -> bool {
    (&pupil.school, &pupil.class) == (&lesson.school, &lesson.class)
}

fn changes(by: &str, lesson: &Lesson, key: &str, kept: LessonRecord, entered: LessonRecord) -> Vec<TeachingEvent> {
    let (by, lesson, pupil) = (by.to_owned(), lesson.clone(), key.to_owned());
    let mut events = Vec::new();
    if kept.attendance != entered.attendance {
        let (by, lesson, pupil) = (by.clone(), lesson.clone(), pupil.clone());
        events.push(TeachingEvent::AttendanceSet {
            by,
            lesson,
            pupil,
            before: kept.attendance,
            after: entered.attendance,
        });
    }
    if kept.grade != entered.grade {
        events.push(TeachingEvent::MarkSet { by, lesson, pupil, before: kept.grade, after: entered.grade });
    }
    events
}

impl RowForm {
    /// Parses every field. Nothing may be entered before the day of the lesson.
    fn read(&self, key: &str, has_begun: bool) -> Result<LessonRecord, Vec<(String, String)>> {
        let mut faults = Vec::new();
        let mut fault = |field: &str, text: String| faults.push((format!("pupils.{key}.{field}"), text));
        let weight = self.weight.unwrap_or(1);
        let weight = u8::try_from(weight).ok().filter(|weight| (1..=10).contains(weight));
        let mark = self.mark.map(|mark| u8::try_from(mark).ok().filter(|mark| (1..=5).contains(mark)));
        let work = limited(&self.work, WORK_LIMIT);
        let attendance = match self.attendance.as_str() {
            "" => Some(None),
            code => AttendanceStatus::ALL.into_iter().find(|status| status.code() == code).map(Some),
        };
        if mark == Some(None) {
            fault("mark", "Оценка — целое число от 1 до 5".to_owned());
        } else if mark.is_some() && !has_begun {
            fault("mark", "Этот урок ещё впереди: оценку можно поставить в день урока или позже".to_owned());
        }
        if weight.is_none() {
            fault("weight", "Вес — целое число от 1 до 10".to_owned());
        }
        match attendance {
            None => fault("attendance", "Выберите из списка: на уроке, отсутствие, болезнь или опоздание".to_owned()),
            Some(Some(_)) if !has_begun => fault("attendance", "Этот урок ещё впереди".to_owned()),
            Some(_) => {}
        }
        match (weight, work, attendance) {
            (Some(weight), Ok(work), Some(attendance)) if faults.is_empty() => {
                Ok(LessonRecord { grade: mark.flatten().map(|mark| Grade { mark, weight, work }), attendance })
            }
            (_, Err(text), _) => {
                faults.push((format!("pupils.{key}.work"), text));
                Err(faults)
            }
            _ => Err(faults),
        }
    }
}

/// Returns the trimmed text, or a message if it is too long.
fn limited(text: &str, limit: usize) -> Result<String, String> {
    let text = text.trim();
    if text.chars().count() <= limit {
        Ok(text.to_owned())
    } else {
        Err(format!("Не больше {limit} знаков"))
    }
}
