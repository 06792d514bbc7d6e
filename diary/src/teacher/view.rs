//! Views of a teacher's week and of one lesson.

use chrono::{DateTime, NaiveDate, Utc};
use esia::FullName;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Problem;
use worlds::ActError;

use super::{
    event::TeachingEvent,
    model::{LessonError, LessonForm},
};
use crate::{
    event::DiaryEvent,
    gendered,
    lessons::{Grade, Lesson, LessonRecord, day_off},
    pupil::monday,
    register::Role,
    school::Employee,
    seed::{AttendanceStatus, Weekday},
    state::Diary,
};

#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct Part {
    /// A day of the week to show, `ГГГГ-ММ-ДД`; today's by default.
    pub(super) week: Option<String>,
}

/// A lesson in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaughtView {
    /// Which lesson of the day.
    pub(super) number: usize,
    /// Name of the class, as `7А`.
    pub(super) class: String,
    /// Name of the subject.
    pub(super) subject: String,
    /// What to do by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) homework: Option<String>,
}

/// Lessons of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TaughtDayView {
    pub(super) date: NaiveDate,
    /// Day of the week.
    pub(super) day: &'static str,
    /// The teacher's own lessons in order.
    pub(super) lessons: Vec<TaughtView>,
    /// Why nobody has lessons: «каникулы» or «выходной день».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) off: Option<&'static str>,
}

/// A teacher's week.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WeekView {
    /// Monday of the week.
    pub(super) week: NaiveDate,
    /// The school days, Monday to Saturday, be they without lessons.
    pub(super) days: Vec<TaughtDayView>,
}

impl WeekView {
    /// Returns the Monday that is this many weeks after the shown one.
    pub(super) fn week_after(&self, weeks: i64) -> NaiveDate {
        self.week.checked_add_signed(chrono::TimeDelta::weeks(weeks)).unwrap_or(self.week)
    }
}

/// A pupil at a lesson.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RowView {
    /// Key, for the form.
    pub(super) key: String,
    /// «Фамилия Имя Отчество».
    pub(super) name: String,
    /// «Оценка», 1 to 5.
    pub(super) mark: Option<u8>,
    /// «Вес», 1 to 10.
    pub(super) weight: Option<u8>,
    /// «За что», as «контрольная работа».
    pub(super) work: String,
    /// «Посещаемость»; `null` when the pupil was there.
    pub(super) attendance: Option<AttendanceStatus>,
    /// The name in its parts.
    #[serde(skip)]
    full_name: FullName,
}

impl RowView {
    /// Returns the Russian words for the pupil's attendance at the lesson.
    pub(super) fn attended(&self, status: Option<AttendanceStatus>) -> &'static str {
        gendered::attended(&self.full_name, status)
    }
}

/// A change of a lesson.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ChangeView {
    /// When it was entered.
    pub(super) at: DateTime<Utc>,
    /// Who, what, and what was before.
    pub(super) text: String,
}

/// A lesson with its pupils and its history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LessonPageView {
    /// Name of the class, as `7А`.
    pub(super) class: String,
    /// Name of the subject.
    pub(super) subject: String,
    /// Day of the lesson.
    pub(super) date: NaiveDate,
    /// Whether the day has come: marks and attendance are not entered ahead.
    pub(super) has_begun: bool,
    /// «Домашнее задание»: at most 1000 characters.
    pub(super) homework: Option<String>,
    /// Pupils of the class in the order of names.
    pub(super) pupils: Vec<RowView>,
    /// What was entered, the newest first.
    pub(super) history: Vec<ChangeView>,
}

fn day(field: &'static str, text: &str) -> Result<NaiveDate, Problem> {
    worlds::read_day(text).map_err(|error| Problem::bad_request(field, error.to_string()))
}

/// Returns the lessons of a teacher's week.
///
/// # Errors
/// Fails if the visitor is not a teacher, or if the week is not a valid day.
pub(super) fn week_of(employee: &Employee, diary: &Diary, part: &Part, today: NaiveDate) -> Result<WeekView, Problem> {
    let staff = employee.staff_as(diary, Role::Teacher)?;
    let shown = part.week.as_deref().map_or(Ok(today), |text| day("week", text))?;
    let week = monday(shown);
    let days = week.iter_days().take(7).filter_map(|date| Some((date, Weekday::of(date)?.name())));
    let days = days.map(|(date, day)| {
        let lessons = diary.lessons_of(staff, date).into_iter().map(|(number, class, subject)| {
            let lesson = Lesson { school: staff.school.clone(), class, subject, date };
            let homework = diary.homework_of(&lesson);
            TaughtView { number, class: lesson.class, subject: lesson.subject, homework }
        });
        TaughtDayView { date, day, lessons: lessons.collect(), off: day_off(&diary.config.lessons.terms, date) }
    });
    Ok(WeekView { week, days: days.collect() })
}

/// The address of a lesson as a request gives it.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Path)]
pub(crate) struct LessonAddress {
    /// The class, as `7А`.
    pub(super) class: String,
    /// The subject, as the register names it.
    pub(super) subject: String,
    /// The day, as `2024-09-02`.
    pub(super) date: String,
}

/// Returns a lesson with all values that were entered.
///
/// # Errors
/// Fails if the employee does not teach it, or if the timetable has no such lesson.
pub(super) fn lesson_of(
    employee: &Employee,
    diary: &Diary,
    LessonAddress { class, subject, date }: &LessonAddress,
    today: NaiveDate,
) -> Result<LessonPageView, Problem> {
    let staff = employee.staff_as(diary, Role::Teacher)?;
    let lesson = diary.lesson(staff, class, subject, day("date", date)?)?;
    let mut pupils: Vec<_> = diary.register.in_class(&lesson.class_id()).collect();
    pupils.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    let rows = pupils.into_iter().map(|(key, pupil)| {
        let LessonRecord { grade, attendance } = diary.of_pupil(key, pupil).of_lesson(&lesson.subject, lesson.date);
        let (mark, weight) = (grade.as_ref().map(|grade| grade.mark), grade.as_ref().map(|grade| grade.weight));
        let work = grade.map(|Grade { work, .. }| work).unwrap_or_default();
        let (name, full_name) = (pupil.name.to_string(), pupil.name.clone());
        RowView { key: key.to_owned(), name, mark, weight, work, attendance, full_name }
    });
    let history = diary.teaching.history.get(&lesson).into_iter().flatten().rev();
    let history = history.map(|(at, event)| ChangeView { at: *at, text: event.tell(&diary.register) });
    Ok(LessonPageView {
        pupils: rows.collect(),
        history: history.collect(),
        homework: diary.homework_of(&lesson),
        has_begun: lesson.date <= today,
        class: lesson.class,
        subject: lesson.subject,
        date: lesson.date,
    })
}

/// Records a form in the name of a teacher: all of it or nothing.
///
/// # Errors
/// The outer error is that of the request, the inner one lists faulty fields.
pub(super) async fn enter(
    employee: &Employee,
    LessonAddress { class, subject, date }: &LessonAddress,
    form: &LessonForm,
) -> Result<Result<(), LessonError>, Problem> {
    let visitor = &employee.visitor;
    let entered = visitor.world.act(|diary, now, _| {
        let staff = employee.staff_as(diary, Role::Teacher)?;
        let lesson = diary.lesson(staff, class, subject, day("date", date)?)?;
        match diary.enter(&visitor.who.name, &lesson, form, worlds::moscow::date(now)) {
            Ok(events) => {
                Ok((events.into_iter().map(|event: TeachingEvent| DiaryEvent::Teaching { event }).collect(), Ok(())))
            }
            Err(error) => Ok((Vec::new(), Err(error))),
        }
    });
    entered.await.map_err(|error: ActError<Problem>| error.into())
}
