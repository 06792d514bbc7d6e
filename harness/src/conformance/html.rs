//! Report as one HTML page that needs no other file.

use askama::Template;

use super::{judge::Verdict, judged::Judged, report::Report};
use crate::language::{pick, spoken};

#[derive(Template)]
#[template(path = "conformance.html")]
struct ReportPage<'r> {
    report: &'r Report,
    /// Code of the page's language.
    language: &'static str,
    rows: Vec<Row<'r>>,
}

/// Row of the page about a fault.
struct Row<'r> {
    one: &'r Judged,
    /// CSS class of the verdict.
    mark: &'static str,
    word: &'static str,
    right: &'static str,
    reasons: &'r [String],
}

pub(super) fn page(report: &Report) -> askama::Result<String> {
    let language = spoken().code();
    ReportPage { report, language, rows: report.faults.iter().map(row).collect() }.render()
}

fn row(one: &Judged) -> Row<'_> {
    let right = match one.right {
        "refuse" => pick("отказывает", "refuses"),
        "accept" => pick("принимает", "accepts"),
        _ => pick("справляется", "copes"),
    };
    let row = |mark, word, reasons| Row { one, mark, word, right, reasons };
    match &one.verdict {
        Verdict::Passed => row("passed", pick("✔ пройдено", "✔ passed"), &[]),
        Verdict::Failed(reasons) => row("failed", pick("✘ не пройдено", "✘ failed"), reasons),
        Verdict::NotApplicable(why) => {
            row("other", pick("– неприменимо", "– not applicable"), std::slice::from_ref(why))
        }
        Verdict::NotJudged(why) => {
            row("unjudged", pick("? не удалось судить", "? could not be judged"), std::slice::from_ref(why))
        }
    }
}
