//! The school's register, and the recognition of people from Gosuslugi in it.

mod generate;
mod model;
mod people;
mod recognise;
#[cfg(test)]
mod tests;

pub(crate) use generate::{class_lessons, generate};
pub(crate) use model::{NameRange, Register, RegisterError};
pub(crate) use people::{Parent, PersonId, Pupil, Staff, Who};
pub use people::{Relation, Role};
pub(crate) use recognise::{Comparison, Presented, is_same_name, needs_passport};
