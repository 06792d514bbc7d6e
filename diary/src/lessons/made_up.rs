//! Marks, attendance and homework of generated classes: a pure function of the world's seed. A school of a thousand
//! pupils therefore takes neither memory nor time when its world is created, and always looks the same.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{
    data::{Attendance, Days, Mark, PupilRecords},
    terms::{Term, is_school_day},
};
use crate::seed::{AttendanceStatus, Weekday};

const HOMEWORK: [&str; 5] = [
    "Прочитать параграф, ответить на вопросы",
    "Выполнить упражнения из учебника",
    "Повторить правила, подготовиться к опросу",
    "Решить задачи из сборника",
    "Подготовить краткое сообщение",
];

/// Source of generated records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeUp {
    pub(crate) seed: u64,
}

/// Checks whether a class is of the first grade, which has neither marks nor homework.
pub(super) fn is_unmarked(class: &str) -> bool {
    class.trim_end_matches(|sign: char| !sign.is_ascii_digit()) == "1" || class.starts_with("1-")
}

impl MadeUp {
    /// Returns a number that depends only on the seed and the arguments (FNV-1a, finished as `SplitMix64` does).
    fn number(self, parts: &[&str], date: NaiveDate) -> u64 {
        let mut hash = 0xcbf2_9ce4_8422_2325 ^ self.seed;
        let mut take = |bytes: &[u8]| {
            for byte in bytes {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
            }
        };
        take(&date.num_days_from_ce().to_le_bytes());
        for part in parts {
            take(part.as_bytes());
            take(&[0]);
        }
        hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        hash ^ (hash >> 31)
    }

    /// Generates the marks and attendance of a pupil; none on days without lessons.
    pub(super) fn records(
        self,
        pupil: &str,
        timetable: &BTreeMap<Weekday, Vec<String>>,
        terms: &[Term],
        days: Days,
    ) -> PupilRecords {
        let PupilRecords { mut marks, mut missed } = PupilRecords::default();
        for date in days.from.iter_days().take_while(|date| *date <= days.to) {
            let Some(lessons) = Weekday::of(date).and_then(|day| timetable.get(&day)) else { continue };
            if !is_school_day(terms, date) {
                continue;
            }
            for subject in lessons {
                let number = self.number(&[pupil, subject], date);
                match number % 100 {
                    // Most marks are 4 and 5; about every seventh is for a test and has weight 3.
                    0..=17 => {
                        let mark = [5, 5, 4, 4, 4, 3, 5, 4, 3, 2][usize::try_from(number / 100 % 10).unwrap_or(0)];
                        let is_test = (number / 1000).is_multiple_of(7);
                        let (weight, work) = if is_test { (3, "контрольная работа") } else { (1, "") };
                        let mark = Mark { date, mark, weight, work: work.to_owned() };
                        marks.entry(subject.clone()).or_default().push(mark);
                    }
                    97 => missed.push(Self::missed(date, subject, AttendanceStatus::Late)),
                    98 => missed.push(Self::missed(date, subject, AttendanceStatus::Absent)),
                    99 => missed.push(Self::missed(date, subject, AttendanceStatus::Ill)),
                    _ => {}
                }
            }
        }
        PupilRecords { marks, missed }
    }

    fn missed(date: NaiveDate, subject: &str, status: AttendanceStatus) -> Attendance {
        Attendance { date, subject: subject.to_owned(), status }
    }

    /// Generates the homework of a class for a lesson.
    pub(super) fn homework(self, class: &str, date: NaiveDate, subject: &str) -> Option<String> {
        let number = self.number(&["homework", class, subject], date);
        let text = HOMEWORK.get(usize::try_from(number % 7).ok()?)?;
        Some((*text).to_owned())
    }
}
