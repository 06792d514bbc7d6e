//! What is taught: timetables, marks, attendance, homework. What the seed says and what is made up for generated
//! classes have one shape and are read together.

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
