//! The school's register: who is in it, and who somebody from Gosuslugi is in it.

mod lessons;
mod model;
mod recognise;
#[cfg(test)]
mod tests;

pub(crate) use lessons::{Attendance, Lessons, Mark};
pub(crate) use model::{Parent, PersonId, Pupil, Register, RegisterError, Staff, Who};
pub(crate) use recognise::{Comparison, Presented};
