//! Marks, attendance and homework as data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::seed::AttendanceStatus;

/// School and name.
pub(crate) type ClassId = (String, String);

/// A mark in a subject.
#[expect(clippy::struct_field_names, reason = "a mark is what it is called")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) date: NaiveDate,
    pub(crate) mark: u8,
    /// How many ordinary marks it counts for.
    pub(crate) weight: u8,
    /// What for; may be empty.
    pub(crate) work: String,
}

/// A lesson missed, or begun late.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attendance {
    pub(crate) date: NaiveDate,
    pub(crate) subject: String,
    pub(crate) status: AttendanceStatus,
}

/// What to do by a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Homework {
    pub(crate) date: NaiveDate,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Marks by subject.
pub(crate) type Marks = BTreeMap<String, Vec<Mark>>;
