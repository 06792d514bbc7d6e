//! Table of a term's marks by subject and day.

use chrono::{Datelike, NaiveDate};

use super::view::{MarkView, SubjectView};

/// Month in the head of the table.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Month {
    /// Name of the month in Russian.
    pub(super) name: &'static str,
    /// Number of day columns under the month.
    pub(super) days: usize,
}

/// Marks in one subject, with a cell for each day.
#[derive(Debug)]
pub(super) struct Row<'v> {
    pub(super) subject: &'v SubjectView,
    pub(super) cells: Vec<Vec<&'v MarkView>>,
}

/// Marks of all subjects by day.
#[derive(Debug, Default)]
pub(super) struct MarksTable<'v> {
    pub(super) months: Vec<Month>,
    /// Days with a mark in any subject.
    pub(super) days: Vec<NaiveDate>,
    pub(super) rows: Vec<Row<'v>>,
}

const MONTHS: [&str; 12] = [
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
];

impl<'v> MarksTable<'v> {
    /// Builds the table of a term's marks.
    pub(super) fn of(subjects: &'v [SubjectView]) -> Self {
        let mut days: Vec<_> = subjects.iter().flat_map(|one| &one.marks).map(|mark| mark.date).collect();
        days.sort_unstable();
        days.dedup();
        let mut months: Vec<Month> = Vec::new();
        for group in days.chunk_by(|one, next| (one.year(), one.month()) == (next.year(), next.month())) {
            let name = MONTHS[usize::try_from(group[0].month0()).unwrap_or_default()];
            months.push(Month { name, days: group.len() });
        }
        let rows = subjects.iter().map(|subject| {
            let on = |day: &NaiveDate| subject.marks.iter().filter(|mark| mark.date == *day).collect();
            Row { subject, cells: days.iter().map(on).collect() }
        });
        Self { rows: rows.collect(), months, days }
    }

    /// Returns, by subject, the marks that have a work or a weight above one.
    pub(super) fn told(&self) -> Vec<(&'v str, &'v MarkView)> {
        let all = self.rows.iter().flat_map(|row| row.subject.marks.iter().map(|mark| (&*row.subject.subject, mark)));
        all.filter(|(_, mark)| mark.weight > 1 || !mark.work.is_empty()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(name: &str, marks: &[(&str, u8)]) -> SubjectView {
        let mark = |(date, mark): &(&str, u8)| MarkView {
            date: date.parse().unwrap(),
            mark: *mark,
            weight: 1,
            work: String::new(),
        };
        SubjectView { subject: name.to_owned(), marks: marks.iter().map(mark).collect(), average: None }
    }

    #[test]
    fn a_table_has_a_column_for_each_day_with_a_mark_and_a_cell_for_each_subject_on_it() {
        let subjects = [
            subject("Математика", &[("2024-09-02", 5), ("2024-09-02", 4), ("2024-10-01", 3)]),
            subject("Чтение", &[("2024-09-03", 2)]),
        ];
        let table = MarksTable::of(&subjects);
        assert_eq!(table.months, [Month { name: "сентябрь", days: 2 }, Month { name: "октябрь", days: 1 }]);
        let rows = table.rows.iter().map(|row| {
            let cells = row.cells.iter().map(|cell| cell.iter().map(|mark| mark.mark.to_string()).collect::<String>());
            format!("{} {}", row.subject.subject, cells.collect::<Vec<_>>().join("|"))
        });
        assert_eq!(rows.collect::<Vec<_>>(), ["Математика 54||3", "Чтение |2|"]);
        assert!(table.told().is_empty());
    }
}
