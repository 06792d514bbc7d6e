//! Marks, timetables and attendance. They come with the seed and do not change.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::seed::{AttendanceStatus, Weekday};

/// A mark in a subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mark {
    pub(crate) date: NaiveDate,
    pub(crate) mark: u8,
}

/// A lesson missed, or begun late.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Attendance {
    pub(crate) date: NaiveDate,
    pub(crate) subject: String,
    pub(crate) status: AttendanceStatus,
}

/// What a diary shows, by pupil or class.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Lessons {
    pub(crate) timetables: BTreeMap<String, BTreeMap<Weekday, Vec<String>>>,
    pub(crate) marks: BTreeMap<String, BTreeMap<String, Vec<Mark>>>,
    pub(crate) attendance: BTreeMap<String, Vec<Attendance>>,
}
