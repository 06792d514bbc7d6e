//! Timetables, marks, attendance and homework. Records of the seed and records generated for made-up classes have the
//! same types and are read together.

mod data;
mod made_up;
mod model;
mod taught;
mod terms;

#[cfg(test)]
mod tests;

pub(crate) use data::{Attendance, Homework, Mark, PupilRecords};
pub(crate) use made_up::MadeUp;
pub(crate) use model::{Lessons, Of, average, homework, hundredths};
pub(crate) use taught::{Grade, Lesson, LessonRecord, Taught};
pub(crate) use terms::{Term, current_term, day_off, school_year};
