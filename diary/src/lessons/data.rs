//! Marks, attendance and homework as data.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::seed::AttendanceStatus;

/// Key of the school and name of the class.
pub(crate) type ClassId = (String, String);

/// A mark in a subject.
#[expect(clippy::struct_field_names, reason = "a mark is what it is called")]
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Mark {
    pub(crate) date: NaiveDate,
    pub(crate) mark: u8,
    /// How many ordinary marks this one counts for.
    pub(crate) weight: u8,
    /// Work that was marked, such as «контрольная работа»; may be empty.
    pub(crate) work: String,
}

/// Absence from a lesson, or a late arrival.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Attendance {
    pub(crate) date: NaiveDate,
    pub(crate) subject: String,
    pub(crate) status: AttendanceStatus,
}

/// Homework due at a lesson.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Homework {
    pub(crate) date: NaiveDate,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Marks by subject.
pub(crate) type Marks = BTreeMap<String, Vec<Mark>>;

/// Marks and attendance of one pupil.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct PupilRecords {
    pub(crate) marks: Marks,
    pub(crate) missed: Vec<Attendance>,
}

impl PupilRecords {
    /// Appends other records to these.
    pub(super) fn extend(&mut self, other: Self) {
        for (subject, marks) in other.marks {
            self.marks.entry(subject).or_default().extend(marks);
        }
        self.missed.extend(other.missed);
    }
}

/// Period from the first to the last day, both included; empty when the last day comes before the first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Days {
    pub(crate) from: NaiveDate,
    pub(crate) to: NaiveDate,
}

impl Days {
    pub(super) fn contain(self, date: NaiveDate) -> bool {
        (self.from..=self.to).contains(&date)
    }
}
