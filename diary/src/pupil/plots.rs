//! Small plots of a term: only the geometry, in whole units of the SVG picture. The data are also shown in tables.

use chrono::NaiveDate;

use super::{
    view::{DiaryView, MarkView, SubjectView, TermView},
    week::AttendedView,
};

/// Width of a plot of marks.
const WIDTH: i64 = 200;
/// Left margin, which holds the scale, and right margin.
const LEFT: i64 = 18;
const RIGHT: i64 = 6;
/// Vertical position of mark 5, and distance between neighbouring marks.
const TOP: i64 = 8;
const STEP: i64 = 14;

/// Position of a mark in a plot.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Point {
    pub(super) x: i64,
    pub(super) y: i64,
    pub(super) mark: u8,
}

/// Plot of the marks in one subject over a term.
#[derive(Debug)]
pub(super) struct MarksPlot<'v> {
    pub(super) subject: &'v SubjectView,
    pub(super) points: Vec<Point>,
}

impl MarksPlot<'_> {
    /// Returns the points of the line, in the format of the SVG attribute `points`.
    pub(super) fn line(&self) -> String {
        self.points.iter().map(|point| format!("{},{}", point.x, point.y)).collect::<Vec<_>>().join(" ")
    }

    /// Returns all marks as text: «02.09 — 5, 04.09 — 4».
    pub(super) fn told(&self) -> String {
        let told = self.subject.marks.iter().map(|mark| format!("{} — {}", mark.date.format("%d.%m"), mark.mark));
        told.collect::<Vec<_>>().join(", ")
    }

    /// Returns the marks on the scale with their vertical positions.
    pub(super) fn scale() -> [(u8, i64); 4] {
        [5, 4, 3, 2].map(|mark| (mark, height(mark)))
    }
}

fn height(mark: u8) -> i64 {
    TOP + STEP * (5 - i64::from(mark.max(2)))
}

/// Builds plots of the subjects that have more than one mark.
pub(super) fn of_marks(diary: &DiaryView) -> Vec<MarksPlot<'_>> {
    let Some(term) = diary.term.and_then(|number| diary.terms.get(number.checked_sub(1)?)) else { return Vec::new() };
    let several = diary.marks.iter().filter(|subject| subject.marks.len() > 1);
    let point = |mark: &MarkView| Point { x: across(term, mark.date), y: height(mark.mark), mark: mark.mark };
    several.map(|subject| MarksPlot { subject, points: subject.marks.iter().map(point).collect() }).collect()
}

fn across(term: &TermView, day: NaiveDate) -> i64 {
    let whole = (term.to - term.from).num_days().max(1);
    let passed = (day - term.from).num_days().clamp(0, whole);
    LEFT + passed * (WIDTH - LEFT - RIGHT) / whole
}

/// Width of a week in the plot of attendance, and of its bar.
const WEEK: usize = 36;
const BAR: usize = 24;
/// Height of the tallest bar.
const HIGHEST: usize = 72;

/// Segment of a bar.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// Class of the stylesheet: `there`, `late`, `ill` or `absent`.
    pub(super) kind: &'static str,
    pub(super) y: usize,
    pub(super) height: usize,
}

/// Bar of one week, as tall as the week's number of lessons.
#[derive(Debug)]
pub(super) struct Bar<'v> {
    pub(super) week: &'v AttendedView,
    pub(super) x: usize,
    pub(super) parts: Vec<Part>,
}

impl Bar<'_> {
    /// Returns the middle of the bar, for the label of its week.
    pub(super) fn middle(&self) -> usize {
        self.x + BAR / 2
    }
}

/// Plot of the attendance of a term; without bars if no lesson was missed.
#[derive(Debug)]
pub(super) struct AttendancePlot<'v> {
    pub(super) bars: Vec<Bar<'v>>,
    pub(super) width: usize,
}

impl AttendancePlot<'_> {
    /// Returns the plot as text: numbers of lessons, of missed ones, of those due to illness, and of late arrivals.
    pub(super) fn told(&self) -> String {
        let sum = |count: fn(&AttendedView) -> usize| self.bars.iter().map(|bar| count(bar.week)).sum::<usize>();
        let (lessons, missed) = (sum(|week| week.lessons), sum(|week| week.absent + week.ill));
        format!(
            "Уроков {lessons}, пропущено {missed}, из них по болезни {}; опозданий {}",
            sum(|week| week.ill),
            sum(|week| week.late)
        )
    }
}

/// Builds the plot of the weeks of a term.
pub(super) fn of_attendance(weeks: &[AttendedView]) -> AttendancePlot<'_> {
    let is_missed = weeks.iter().any(|week| week.absent + week.ill + week.late > 0);
    let highest = weeks.iter().map(|week| week.lessons).max().unwrap_or_default().max(1);
    let bars = weeks.iter().filter(|_| is_missed).enumerate().map(|(at, week)| {
        let (x, parts) = (at * WEEK + (WEEK - BAR) / 2, parts(week, highest));
        Bar { week, x, parts }
    });
    AttendancePlot { bars: bars.collect(), width: weeks.len() * WEEK }
}

/// Returns the segments from the bottom: there, late, ill, absent. A segment of missed lessons is always tall enough to
/// be seen.
fn parts(week: &AttendedView, highest: usize) -> Vec<Part> {
    let missed = week.late + week.ill + week.absent;
    let counts = [
        ("there", week.lessons.saturating_sub(missed)),
        ("late", week.late),
        ("ill", week.ill),
        ("absent", week.absent),
    ];
    let mut top = HIGHEST;
    let parts = counts.into_iter().filter(|(_, count)| *count > 0).map(|(kind, count)| {
        let height = (count * HIGHEST / highest).clamp(2, top.max(2));
        top = top.saturating_sub(height);
        Part { kind, y: top, height }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn week(lessons: usize, absent: usize, ill: usize, late: usize) -> AttendedView {
        AttendedView { week: "2024-09-02".parse().unwrap(), lessons, absent, ill, late }
    }

    #[test]
    fn a_mark_stands_where_its_day_is_in_the_term_and_the_better_the_higher() {
        let [from, to] = ["2024-09-01", "2024-09-29"].map(|day| day.parse().unwrap());
        let term = TermView { title: "1 четверть".to_owned(), from, to };
        let at = |day: &str| across(&term, day.parse().unwrap());
        assert_eq!([at("2024-09-01"), at("2024-09-15"), at("2024-09-29")], [18, 106, 194]);
        assert_eq!([at("2024-08-01"), at("2024-12-01")], [18, 194], "nothing stands outside of the picture");
        assert_eq!([5, 4, 3, 2, 1].map(height), [8, 22, 36, 50, 50]);
    }

    #[test]
    fn a_bar_is_as_high_as_the_week_has_lessons_and_shows_what_was_missed_from_above() {
        let weeks = [week(30, 3, 0, 3), week(15, 0, 0, 0)];
        let plot = of_attendance(&weeks);
        let told = |bar: &Bar<'_>| bar.parts.iter().map(|it| format!("{} {}+{}", it.kind, it.y, it.height)).collect();
        let bars: Vec<Vec<String>> = plot.bars.iter().map(told).collect();
        assert_eq!(bars[0], ["there 15+57", "late 8+7", "absent 1+7"]);
        assert_eq!(bars[1], ["there 36+36"]);
        assert_eq!(plot.told(), "Уроков 45, пропущено 3, из них по болезни 0; опозданий 3");
        assert!(of_attendance(&weeks[1..]).bars.is_empty(), "nothing was missed, so there is nothing to draw");
        let ill = parts(&week(100, 0, 1, 0), 100);
        assert_eq!(ill.last().map(|part| part.height), Some(2), "one lesson of a hundred is seen");
    }
}
