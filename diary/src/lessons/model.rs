//! Lessons of classes and pupils. Records entered by teachers override those of the seed and the generated ones. Pure.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{
    data::{Attendance, ClassId, Days, Homework, Mark, Marks, PupilRecords},
    made_up::{self, MadeUp},
    taught::{Grade, LessonRecord, Taught},
    terms::{Term, is_school_day},
};
use crate::{register::Pupil, seed::Weekday};

/// Timetables and records of a world, by pupil or class.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lessons {
    pub(crate) timetables: BTreeMap<ClassId, BTreeMap<Weekday, Vec<String>>>,
    pub(crate) marks: BTreeMap<String, Marks>,
    pub(crate) attendance: BTreeMap<String, Vec<Attendance>>,
    pub(crate) homework: BTreeMap<ClassId, Vec<Homework>>,
    /// Terms of the seed; the usual four apply when empty.
    pub(crate) terms: Vec<Term>,
    pub(crate) made_up: Option<MadeUp>,
    /// Classes whose records are generated.
    pub(crate) generated: BTreeSet<ClassId>,
}

impl Lessons {
    /// Returns the lessons of a class on a day, in order; empty on days off and in holidays.
    pub(crate) fn of_day(&self, class: &ClassId, date: NaiveDate) -> &[String] {
        let is_taught = is_school_day(&self.terms, date);
        let lessons = self.timetables.get(class).filter(|_| is_taught).and_then(|week| week.get(&Weekday::of(date)?));
        lessons.map_or(&[], Vec::as_slice)
    }

    /// Adds a mark of the seed.
    pub(crate) fn add_mark(&mut self, pupil: &str, subject: &str, mark: Mark) {
        let subjects = self.marks.entry(pupil.to_owned()).or_default();
        subjects.entry(subject.to_owned()).or_default().push(mark);
    }

    /// Adds homework; a second text for the same lesson replaces the first.
    pub(crate) fn add_homework(&mut self, class: ClassId, new: Homework) {
        let kept = self.homework.entry(class).or_default();
        kept.retain(|one| (one.date, &one.subject) != (new.date, &new.subject));
        kept.push(new);
    }
}

/// Lessons of one pupil.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub(crate) lessons: &'a Lessons,
    pub(crate) taught: &'a Taught,
    pub(crate) key: &'a str,
    pub(crate) pupil: &'a Pupil,
}

impl Of<'_> {
    fn class(&self) -> ClassId {
        (self.pupil.school.clone(), self.pupil.class.clone())
    }

    /// Returns the pupil's lessons of a day, in order.
    pub(crate) fn on(&self, date: NaiveDate) -> &[String] {
        self.lessons.of_day(&self.class(), date)
    }

    fn timetable(&self) -> Option<&BTreeMap<Weekday, Vec<String>>> {
        self.lessons.timetables.get(&self.class())
    }

    /// Returns the marks and attendance of a term up to `today`, each in order of date.
    pub(crate) fn of_term(&self, term: &Term, today: NaiveDate) -> PupilRecords {
        self.of_days(Days { from: term.from, to: today.min(term.to) })
    }

    /// Returns the marks and attendance of a period, each in order of date.
    pub(crate) fn of_days(&self, days: Days) -> PupilRecords {
        let mut records = self.of_seed(days);
        self.taught.lay_over(self.key, days, &mut records);
        let PupilRecords { marks, missed } = &mut records;
        marks.retain(|_, marks| !marks.is_empty());
        for marks in marks.values_mut() {
            marks.sort_by_key(|mark| mark.date);
        }
        missed.sort_by(|one, other| (one.date, &one.subject).cmp(&(other.date, &other.subject)));
        records
    }

    /// Returns the records of the seed and those generated from it.
    fn of_seed(&self, days: Days) -> PupilRecords {
        let mut records = PupilRecords::default();
        for (subject, kept) in self.lessons.marks.get(self.key).into_iter().flatten() {
            let kept = kept.iter().filter(|mark| days.contain(mark.date));
            records.marks.entry(subject.clone()).or_default().extend(kept.cloned());
        }
        let kept = self.lessons.attendance.get(self.key).into_iter().flatten();
        records.missed.extend(kept.filter(|one| days.contain(one.date)).cloned());
        let class = self.class();
        if let Some(made_up) = self.lessons.made_up.filter(|_| self.lessons.generated.contains(&class))
            && let Some(timetable) = self.timetable()
        {
            let mut made_up = made_up.records(self.key, timetable, &self.lessons.terms, days);
            if made_up::is_unmarked(&class.1) {
                made_up.marks.clear();
            }
            records.extend(made_up);
        }
        records
    }

    /// Returns the mark and the attendance of one lesson.
    pub(crate) fn of_lesson(&self, subject: &str, date: NaiveDate) -> LessonRecord {
        let PupilRecords { marks, missed } = self.of_days(Days { from: date, to: date });
        // A lesson has one mark; when a seed has several, the teacher sees the last.
        let grade = marks.get(subject).and_then(|marks| marks.last()).map(Grade::from);
        let attendance = missed.iter().find(|one| one.subject == subject).map(|one| one.status);
        LessonRecord { grade, attendance }
    }

    /// Returns the homework of the pupil's class for a lesson.
    pub(crate) fn homework(&self, date: NaiveDate, subject: &str) -> Option<String> {
        homework(self.lessons, self.taught, &self.class(), date, subject)
    }
}

/// Returns the homework of a class for a lesson: the teacher's, else the seed's, else the generated one.
pub(crate) fn homework(
    lessons: &Lessons,
    taught: &Taught,
    class: &ClassId,
    date: NaiveDate,
    subject: &str,
) -> Option<String> {
    if let Some(said) = taught.homework(class, date, subject) {
        return said;
    }
    let mut kept = lessons.homework.get(class).into_iter().flatten();
    let kept = kept.find(|one| one.date == date && one.subject == subject).map(|one| one.text.clone());
    let made_up = lessons.made_up.filter(|_| lessons.generated.contains(class) && !made_up::is_unmarked(&class.1));
    kept.or_else(|| made_up?.homework(&class.1, date, subject))
}

/// Returns the weighted average of marks in hundredths, rounded to the nearest; `None` without marks.
pub(crate) fn average(marks: &[Mark]) -> Option<u32> {
    let weight: u32 = marks.iter().map(|mark| u32::from(mark.weight)).sum();
    let sum: u32 = marks.iter().map(|mark| u32::from(mark.weight) * u32::from(mark.mark)).sum();
    (weight > 0).then(|| (200 * sum + weight) / (2 * weight))
}

/// Formats hundredths: `433` as «4,33».
pub(crate) fn hundredths(average: u32) -> String {
    format!("{},{:02}", average / 100, average % 100)
}
