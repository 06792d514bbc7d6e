//! What a teacher does (R003.4): the lessons of a week, and the page of a lesson with marks, attendance and homework. A
//! teacher has the lessons of the own classes and subjects, and no others.

pub(crate) mod api;
mod apply;
mod event;
mod model;
pub(crate) mod pages;
mod view;

#[cfg(test)]
mod tests;

pub(crate) use event::{Teaching, TeachingEvent};
pub(crate) use model::LessonError;
