//! Pages of a teacher (R003.4): the lessons of a week, and one lesson with marks, attendance and homework. A teacher
//! sees only the classes and subjects that they teach.

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
