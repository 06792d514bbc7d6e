//! Marks, homework and attendance at the start of a world.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A mark of a pupil in a subject.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSeed {
    /// Key of the pupil.
    pub pupil: String,
    /// Name of the subject.
    pub subject: String,
    /// Day of the lesson, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub mark: u8,
    /// How many ordinary marks it counts for, 1 to 10; 1 by default.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10))]
    pub weight: u8,
    /// What for, as «контрольная работа».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub work: String,
}

fn one() -> u8 {
    1
}

/// Homework of a class for a lesson.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HomeworkSeed {
    /// Key of the school; the first one by default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school: String,
    /// Name of the class.
    pub class: String,
    /// Name of the subject.
    pub subject: String,
    /// Day of the lesson, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// What to do.
    pub text: String,
}

/// Why a pupil was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendanceStatus {
    /// Was not there, no reason given.
    Absent,
    /// Came after the lesson had begun.
    Late,
    /// The pupil was ill.
    Ill,
}

impl AttendanceStatus {
    /// All statuses, in the order in which pages offer them.
    pub(crate) const ALL: [Self; 3] = [Self::Absent, Self::Ill, Self::Late];

    /// Returns the code of the status in seeds, forms and JSON.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Late => "late",
            Self::Ill => "ill",
        }
    }

    /// Returns the stylesheet class that colours the status: `bad`, `warn` or an empty string.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Absent => "bad",
            Self::Late => "warn",
            Self::Ill => "",
        }
    }
}

/// A lesson missed, or begun late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceSeed {
    /// Key of the pupil.
    pub pupil: String,
    /// Day of the lesson, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// Name of the subject.
    pub subject: String,
    /// What was the matter.
    pub status: AttendanceStatus,
}
