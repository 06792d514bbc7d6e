//! What is taught: timetables, marks, attendance, homework. What the seed says and what is made up for generated
//! classes have one shape and are read together.

mod made_up;
mod terms;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

pub(crate) use made_up::MadeUp;
pub(crate) use terms::{Term, current_term, school_year};

use crate::{
    register::Pupil,
    seed::{AttendanceStatus, Weekday},
};

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

/// What a diary shows, by pupil or class.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Lessons {
    pub(crate) timetables: BTreeMap<ClassId, BTreeMap<Weekday, Vec<String>>>,
    pub(crate) marks: BTreeMap<String, Marks>,
    pub(crate) attendance: BTreeMap<String, Vec<Attendance>>,
    pub(crate) homework: BTreeMap<ClassId, Vec<Homework>>,
    /// The seed's own terms; the usual four when there are none.
    pub(crate) terms: Vec<Term>,
    pub(crate) made_up: Option<MadeUp>,
    /// Classes that are made up.
    pub(crate) generated: BTreeSet<ClassId>,
}

impl Lessons {
    /// Puts in a mark.
    pub(crate) fn add_mark(&mut self, pupil: &str, subject: &str, mark: Mark) {
        let subjects = self.marks.entry(pupil.to_owned()).or_default();
        subjects.entry(subject.to_owned()).or_default().push(mark);
    }

    /// Puts in homework; another text for the same lesson replaces the first.
    pub(crate) fn add_homework(&mut self, class: ClassId, new: Homework) {
        let kept = self.homework.entry(class).or_default();
        kept.retain(|one| (one.date, &one.subject) != (new.date, &new.subject));
        kept.push(new);
    }
}

/// The lessons of one pupil.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Of<'a> {
    pub(crate) settled: &'a Lessons,
    pub(crate) key: &'a str,
    pub(crate) pupil: &'a Pupil,
}

impl Of<'_> {
    fn class(&self) -> ClassId {
        (self.pupil.school.clone(), self.pupil.class.clone())
    }

    /// Lessons of the week by day.
    pub(crate) fn timetable(&self) -> Option<&BTreeMap<Weekday, Vec<String>>> {
        self.settled.timetables.get(&self.class())
    }

    /// Marks of a term up to a day, and missed lessons of the same days, each in order.
    pub(crate) fn of_term(&self, term: &Term, today: NaiveDate) -> (Marks, Vec<Attendance>) {
        let until = today.min(term.to);
        let (mut marks, mut missed) = (Marks::new(), Vec::new());
        let is_within = |date: NaiveDate| (term.from..=until).contains(&date);
        for (subject, kept) in self.settled.marks.get(self.key).into_iter().flatten() {
            let kept = kept.iter().filter(|mark| is_within(mark.date));
            marks.entry(subject.clone()).or_default().extend(kept.cloned());
        }
        let kept = self.settled.attendance.get(self.key).into_iter().flatten();
        missed.extend(kept.filter(|one| is_within(one.date)).cloned());
        let class = self.class();
        if let Some(made_up) = self.settled.made_up.filter(|_| self.settled.generated.contains(&class))
            && let Some(timetable) = self.timetable()
        {
            made_up.add(self.key, timetable, (term.from, until), (&mut marks, &mut missed));
        }
        marks.retain(|_, marks| !marks.is_empty());
        for marks in marks.values_mut() {
            marks.sort_by_key(|mark| mark.date);
        }
        missed.sort_by(|one, other| (one.date, &one.subject).cmp(&(other.date, &other.subject)));
        (marks, missed)
    }

    /// Homework for a lesson.
    pub(crate) fn homework(&self, date: NaiveDate, subject: &str) -> Option<String> {
        let class = self.class();
        let mut kept = self.settled.homework.get(&class).into_iter().flatten();
        let kept = kept.find(|one| one.date == date && one.subject == subject).map(|one| one.text.clone());
        let made_up = self.settled.made_up.filter(|_| self.settled.generated.contains(&class));
        kept.or_else(|| made_up?.homework(&class.1, date, subject))
    }
}

/// Average of marks with their weights, in hundredths, rounded to the nearest.
pub(crate) fn average(marks: &[Mark]) -> Option<u32> {
    let weight: u32 = marks.iter().map(|mark| u32::from(mark.weight)).sum();
    let sum: u32 = marks.iter().map(|mark| u32::from(mark.weight) * u32::from(mark.mark)).sum();
    (weight > 0).then(|| (200 * sum + weight) / (2 * weight))
}

/// `433` as «4,33».
pub(crate) fn hundredths(average: u32) -> String {
    format!("{},{:02}", average / 100, average % 100)
}
