//! Application of a teacher's events to the state of a world.

use chrono::{DateTime, Utc};

use super::event::{Teaching, TeachingEvent};
use crate::state::Diary;

impl Diary {
    /// Applies an event that a teacher entered.
    pub(crate) fn apply_teaching(&mut self, at: DateTime<Utc>, event: TeachingEvent) {
        let Teaching { taught, history } = &mut *self.teaching;
        match &event {
            TeachingEvent::MarkSet { lesson, pupil, after, .. } => taught.put_grade(pupil, lesson, after.clone()),
            TeachingEvent::AttendanceSet { lesson, pupil, after, .. } => taught.put_attendance(pupil, lesson, *after),
            TeachingEvent::HomeworkSet { lesson, after, .. } => taught.put_homework(lesson, after.clone()),
        }
        history.entry(event.lesson().clone()).or_default().push((at, event));
    }
}
