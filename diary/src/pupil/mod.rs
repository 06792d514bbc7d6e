//! The diary itself: marks, timetable, homework, attendance. Pupils see their own diary, parents those of their
//! children.

pub(crate) mod api;
mod marks;
mod model;
mod pages;
mod plots;
#[cfg(test)]
mod tests;
mod view;
mod week;

pub(crate) use model::{DiaryError, is_open_to};
pub(crate) use pages::{desk, diary, home};
pub(crate) use view::{PupilView, open_views};
pub(crate) use week::monday;
