//! The diary itself: marks, timetable, attendance. A pupil sees their own, a parent those of their children.

pub(crate) mod api;
mod pages;
mod view;

pub(crate) use pages::{diary, home};
pub(crate) use view::PupilView;
