//! What a diary shows, and to whom.

use axum::http::StatusCode;
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use web::Trouble;

use crate::{
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
    /// Class.
    pub(crate) class: String,
}

impl PupilView {
    pub(crate) fn of(key: &str, pupil: &Pupil) -> Self {
        Self { key: key.to_owned(), name: pupil.name.to_string(), class: pupil.class.clone() }
    }
}

/// Marks in one subject.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectView {
    /// Subject.
    pub(crate) subject: String,
    /// Marks in the order of days.
    pub(crate) marks: Vec<MarkView>,
}

/// A mark.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MarkView {
    /// Day.
    pub(crate) date: NaiveDate,
    /// 1 to 5.
    pub(crate) mark: u8,
}

/// Lessons of a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DayView {
    /// Day of the week.
    pub(crate) day: &'static str,
    /// Lessons in order.
    pub(crate) lessons: Vec<String>,
}

/// A lesson missed, or begun late.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MissedView {
    /// Day.
    pub(crate) date: NaiveDate,
    /// Subject.
    pub(crate) subject: String,
    /// What was the matter.
    pub(crate) status: AttendanceStatus,
}

impl MissedView {
    /// The status on a page.
    pub(crate) const fn text(&self) -> &'static str {
        match self.status {
            AttendanceStatus::Absent => "не был",
            AttendanceStatus::Late => "опоздал",
            AttendanceStatus::Ill => "болел",
        }
    }

    /// Its colour.
    pub(crate) const fn tone(&self) -> &'static str {
        match self.status {
            AttendanceStatus::Absent => "bad",
            AttendanceStatus::Late => "warn",
            AttendanceStatus::Ill => "",
        }
    }
}

/// A pupil's diary.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiaryView {
    /// Whose.
    pub(crate) pupil: PupilView,
    /// «Оценки».
    pub(crate) marks: Vec<SubjectView>,
    /// «Расписание».
    pub(crate) timetable: Vec<DayView>,
    /// «Посещаемость».
    pub(crate) attendance: Vec<MissedView>,
}

/// Whose diaries somebody may open now: their own, and those of the children on whose cards they stand while they are an
/// active user.
///
/// # Errors
/// When there is none, why.
pub(crate) fn open_to(diary: &Diary, who: &Who) -> Result<Vec<PupilView>, Trouble> {
    let register = &diary.register;
    let own = who.pupil.iter();
    let parent = who.parent.as_ref().and_then(|key| register.parent(key)).filter(|parent| parent.active);
    let children = parent.into_iter().flat_map(|parent| &parent.children);
    let views = own.chain(children).filter_map(|key| register.pupil(key).map(|pupil| PupilView::of(key, pupil)));
    let views: Vec<_> = views.collect();
    if !views.is_empty() {
        return Ok(views);
    }
    if let Err(refusal) = register.admit_parent(who, &mut Vec::new()) {
        return Err(Trouble::new(StatusCode::FORBIDDEN, refusal.code(), refusal.text()).or(refusal.next_step()));
    }
    Err(Trouble::new(StatusCode::FORBIDDEN, "no-diary", "Дневника, который вы могли бы открыть, нет")
        .or("Администраторам журнала открыта страница «Журнал школы»"))
}

/// One diary, if it is open to somebody.
///
/// # Errors
/// 404 for a pupil who is none of theirs, as for one who does not exist.
pub(crate) fn diary_of(diary: &Diary, who: &Who, key: &str) -> Result<DiaryView, Trouble> {
    let open = open_to(diary, who)?.into_iter().find(|view| view.key == key);
    let pupil = open.ok_or_else(|| Trouble::not_found("Такого дневника у вас нет"))?;
    let lessons = &diary.settled.lessons;
    let subjects = lessons.marks.get(key).into_iter().flatten().map(|(subject, marks)| {
        let mut marks: Vec<_> = marks.iter().map(|mark| MarkView { date: mark.date, mark: mark.mark }).collect();
        marks.sort_by_key(|mark| mark.date);
        SubjectView { subject: subject.clone(), marks }
    });
    let days = lessons.timetables.get(&pupil.class).into_iter().flatten();
    let days = days.map(|(day, lessons)| DayView { day: day.name(), lessons: lessons.clone() });
    let missed = lessons.attendance.get(key).into_iter().flatten();
    let missed = missed.map(|one| MissedView { date: one.date, subject: one.subject.clone(), status: one.status });
    let mut attendance: Vec<_> = missed.collect();
    attendance.sort_by_key(|missed| missed.date);
    Ok(DiaryView { marks: subjects.collect(), timetable: days.collect(), attendance, pupil })
}
