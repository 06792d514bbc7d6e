//! Schools, classes with their timetables, terms.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::profile::Service;

/// The first school of the world.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SchoolSeed {
    /// Name on pages.
    pub name: String,
    /// Where the feedback form is: a path of this server or another address. Default: the diary's own, `/feedback`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback_url: Option<String>,
    /// Its services, beside those of the profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
}

/// A school beside the first one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OtherSchoolSeed {
    /// Name on pages.
    pub name: String,
    /// Its services, beside those of the profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// Its classes by name.
    pub classes: BTreeMap<String, ClassSeed>,
}

/// A day of the school week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    #[serde(rename = "понедельник")]
    Monday,
    #[serde(rename = "вторник")]
    Tuesday,
    #[serde(rename = "среда")]
    Wednesday,
    #[serde(rename = "четверг")]
    Thursday,
    #[serde(rename = "пятница")]
    Friday,
    #[serde(rename = "суббота")]
    Saturday,
}

impl Weekday {
    /// Returns the school day of a date, or `None` on Sunday.
    pub fn of(date: NaiveDate) -> Option<Self> {
        match date.weekday() {
            chrono::Weekday::Mon => Some(Self::Monday),
            chrono::Weekday::Tue => Some(Self::Tuesday),
            chrono::Weekday::Wed => Some(Self::Wednesday),
            chrono::Weekday::Thu => Some(Self::Thursday),
            chrono::Weekday::Fri => Some(Self::Friday),
            chrono::Weekday::Sat => Some(Self::Saturday),
            chrono::Weekday::Sun => None,
        }
    }

    /// Returns the Russian name of the day.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "понедельник",
            Self::Tuesday => "вторник",
            Self::Wednesday => "среда",
            Self::Thursday => "четверг",
            Self::Friday => "пятница",
            Self::Saturday => "суббота",
        }
    }
}

/// A class of a school.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassSeed {
    /// Lessons of each day in order.
    pub timetable: BTreeMap<Weekday, Vec<String>>,
}

/// A term of the school year.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermSeed {
    /// As «1 четверть».
    pub title: String,
    /// First day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub from: String,
    /// Last day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub to: String,
}
