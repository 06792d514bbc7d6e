//! The school's side: pupils' cards and the parents on them. An administrator corrects all cards of the school, a class
//! teacher those of their own classes (R002.3, R002.9); other employees see only what their work needs.

mod address;
pub(crate) mod api;
pub(crate) mod confirm;
mod decide;
mod employee;
mod forms;
pub(crate) mod import;
mod nav;
pub(crate) mod pages;
pub(crate) mod parents;
mod record;

#[cfg(test)]
mod tests;

pub(crate) use address::card_path;
pub(crate) use employee::Employee;
pub(crate) use forms::{Faults, keep};
pub(crate) use nav::SchoolNav;
pub(crate) use record::{ImportedPupil, PupilRecord};
