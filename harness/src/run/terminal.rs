//! Output while scenarios play: a line that moves on a terminal, a plain line for each scenario elsewhere; failures
//! with their stories as they come, and the count. Lines stand in the order of the files, so that two logs can be compared.

use std::{
    fmt::Write as _,
    io::{self, Write as _},
    path::PathBuf,
};

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    plan::{Outcome, Scenario},
    results::Results,
    story::story,
};
use crate::{
    language::{pick, tr},
    words::{Counted, SCENARIOS, visible},
};

/// The writer for people.
pub(super) struct Terminal {
    bar: Option<ProgressBar>,
    /// Number of scenarios that have had their line, in the order of the files.
    told: usize,
}

impl Terminal {
    pub(super) fn new(watched: bool, total: usize) -> Self {
        let bar = watched.then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(u64::try_from(total).unwrap_or_default());
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar, told: 0 }
    }

    pub(super) fn began(&self, scenario: &Scenario) {
        if let Some(bar) = &self.bar {
            bar.set_message(scenario.name.clone());
        }
    }

    /// Tells of the scenarios that have ended, as far as all before them have.
    pub(super) fn ended(&mut self, results: &Results) {
        if let Some(bar) = &self.bar {
            bar.inc(1);
        }
        let ready: Vec<_> =
            results.scenarios().skip(self.told).take_while(|scenario| scenario.record.is_some()).collect();
        self.told += ready.len();
        self.tell(&ready);
    }

    /// Tells of the scenarios that have ended behind one that did not, the count, and the rules
    /// that are proved with the file that says which.
    pub(super) fn finish(&mut self, results: &Results, rules: Option<(String, &PathBuf)>) {
        let rest: Vec<_> = results.scenarios().skip(self.told).collect();
        self.tell(&rest);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let rules = rules.map(|(proved, file)| format!("{proved}: {}\n", file.display())).unwrap_or_default();
        print(&format!("{}{rules}", summary(results)));
    }

    fn tell(&self, scenarios: &[&Scenario]) {
        let told: String = scenarios.iter().map(|scenario| self.line(scenario)).collect();
        match &self.bar {
            Some(bar) => bar.suspend(|| print(&told)),
            None => print(&told),
        }
    }

    /// A scenario in one line, and its story if it failed. On a terminal the bar counts those that passed.
    fn line(&self, scenario: &Scenario) -> String {
        let (place, name, took) = (&scenario.place, visible(&scenario.title), scenario.took().as_millis());
        match scenario.outcome() {
            Outcome::NotPlayed => String::new(),
            Outcome::Passed if self.bar.is_some() => String::new(),
            Outcome::Passed => tr!("✔ {place}  {name} ({took} мс)\n", "✔ {place}  {name} ({took} ms)\n"),
            // The reason is told once, at the end of the run.
            Outcome::NotAsked => {
                tr!("? {place}  {name}: не удалось спросить\n", "? {place}  {name}: could not ask\n")
            }
            Outcome::Failed | Outcome::Panicked => {
                let sign = if scenario.outcome() == Outcome::Failed { "✘" } else { "!" };
                let story = story(scenario);
                let lines = story.trim_end().lines().map(|line| format!("    {line}"));
                let lines: Vec<_> = lines.map(|line| line.trim_end().to_owned()).collect();
                let lines = lines.join("\n");
                tr!(
                    "{sign} {place}  {name} ({took} мс)\n{lines}\n\n",
                    "{sign} {place}  {name} ({took} ms)\n{lines}\n\n"
                )
            }
        }
    }
}

const PASSED: Counted =
    Counted { russian: ["прошёл", "прошли", "прошли"], english: ["passed", "passed"] };
const FAILED: Counted =
    Counted { russian: ["не прошёл", "не прошли", "не прошли"], english: ["failed", "failed"] };
const PANICKED: Counted = Counted {
    russian: ["прерван ошибкой программы", "прерваны ошибкой программы", "прерваны ошибкой программы"],
    english: ["stopped by a fault of the program", "stopped by a fault of the program"],
};
const NOT_PLAYED: Counted = Counted {
    russian: ["не сыгран", "не сыграны", "не сыграны"],
    english: ["not played", "not played"],
};

/// `295 сценариев: 294 прошли, 1 не прошёл (2,6 с)`, `295 scenarios: 294 passed, 1 failed (2.6 s)`.
pub(super) fn summary(results: &Results) -> String {
    let [passed, failed, panicked, not_asked, not_played] =
        [Outcome::Passed, Outcome::Failed, Outcome::Panicked, Outcome::NotAsked, Outcome::NotPlayed]
            .map(|outcome| results.count(outcome));
    let mut text = String::new();
    list(results, Outcome::Failed, pick("Не прошли", "Failed"), &mut text);
    list(
        results,
        Outcome::Panicked,
        pick("Прерваны ошибкой программы", "Stopped by a fault of the program"),
        &mut text,
    );
    let _ = write!(
        text,
        "\n{}: {passed} {}, {failed} {}",
        SCENARIOS.count(results.total),
        PASSED.form(passed),
        FAILED.form(failed)
    );
    if panicked > 0 {
        let _ = write!(text, ", {panicked} {}", PANICKED.form(panicked));
    }
    if not_asked > 0 {
        let _ = write!(text, ", {not_asked} {}", pick("не удалось спросить", "could not ask"));
    }
    if not_played > 0 {
        let _ = write!(text, ", {not_played} {}", NOT_PLAYED.form(not_played));
    }
    let seconds = format!("{:.1}", results.took().as_secs_f32()).replace('.', pick(",", "."));
    text.push_str(&tr!(" ({seconds} с)\n", " ({seconds} s)\n"));
    text
}

/// The scenarios that ended so, each with its place, under a heading; nothing where there are none.
fn list(results: &Results, outcome: Outcome, heading: &str, text: &mut String) {
    if results.count(outcome) > 0 {
        let _ = writeln!(text, "\n{heading}:");
    }
    for scenario in results.scenarios().filter(|scenario| scenario.outcome() == outcome) {
        let _ = writeln!(text, "  {}  {}", scenario.place, visible(&scenario.title));
    }
}

fn print(text: &str) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        tracing::warn!(%error, "the results were not printed");
    }
}
