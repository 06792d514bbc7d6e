//! Progress and results of a conformance run, for people.

use std::fmt::Write as _;

use indicatif::{ProgressBar, ProgressStyle};

use super::{judge::Verdict, judged::Judged, report::Counts};
use crate::{
    language::{pick, tr},
    paint::{self, Paint},
    words::visible,
};

/// Writer of verdicts as they come.
#[derive(Debug)]
pub struct Screen {
    bar: Option<ProgressBar>,
}

impl Screen {
    /// Creates a screen for a number of faults, with a progress bar on a terminal.
    pub fn new(watched: bool, total: usize) -> Self {
        let bar = watched.then(|| {
            let bar = ProgressBar::new(u64::try_from(total).unwrap_or_default());
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar }
    }

    /// Reports a judged fault. On a terminal the bar counts passed faults instead.
    pub(super) fn told(&mut self, one: &Judged) {
        let line = line(one);
        match &self.bar {
            Some(bar) => {
                bar.inc(1);
                bar.set_message(one.fault);
                if one.verdict != Verdict::Passed {
                    bar.suspend(|| print(&line));
                }
            }
            None => print(&line),
        }
    }

    /// Removes the progress bar.
    pub fn close(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn print(text: &str) {
    if let Err(error) = paint::print(&paint::signs(text)) {
        tracing::warn!(%error, "the results were not printed");
    }
}

/// Line about a fault, with the reasons under it if it did not pass.
pub(super) fn line(one: &Judged) -> String {
    let (sign, reasons): (_, &[String]) = match &one.verdict {
        Verdict::Passed => ('✔', &[]),
        Verdict::Failed(reasons) => ('✘', reasons),
        Verdict::NotApplicable(why) => ('–', std::slice::from_ref(why)),
        Verdict::NotJudged(why) => ('?', std::slice::from_ref(why)),
    };
    let mut text = format!("{sign} {:<5} {:<28} {}\n", one.protocol.name(), one.fault, one.does);
    for reason in reasons {
        let _ = writeln!(text, "      {}", visible(reason));
    }
    text
}

/// Counts as text: `118 ошибок: 110 пройдены, …`
pub(super) fn counted(counts: &Counts) -> String {
    let Counts { passed, failed, not_applicable, not_judged } = counts;
    let total = passed + failed + not_applicable + not_judged;
    let passed = Paint::Good.on(tr!("пройдено {passed}", "{passed} passed"));
    let failed = if *failed > 0 { Paint::Bad } else { Paint::Good }.on(tr!("не пройдено {failed}", "{failed} failed"));
    let mut text = tr!("\nОшибок в каталоге: {total}; {passed}, {failed}", "\nFaults: {total}; {passed}, {failed}");
    if *not_applicable > 0 {
        let _ = write!(text, ", {} {not_applicable}", pick("неприменимо", "not applicable"));
    }
    if *not_judged > 0 {
        let _ = write!(
            text,
            ", {}",
            Paint::Doubt.on(tr!("не удалось судить {not_judged}", "{not_judged} could not be judged"))
        );
    }
    text + "\n"
}
