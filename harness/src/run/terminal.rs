//! Output during a run: a progress bar on a terminal, one line for each scenario elsewhere; failures with their stories
//! at once, and the counts at the end. Lines are in the order of the files, so that two logs can be compared.

use indicatif::{ProgressBar, ProgressStyle};

use super::{
    plan::{Outcome, Scenario},
    results::Results,
    rounds::Round,
    story::story,
    summary::{slowest_of, summary},
};
use crate::{language::tr, paint, suite::SourceLocation, words::visible};

/// Writer for people.
pub(super) struct Terminal {
    bar: Option<ProgressBar>,
    /// Number of scenarios of the round that are already reported.
    told: usize,
    /// Titles of the scenarios that are being played, the longest-running first.
    playing: Vec<String>,
}

impl Terminal {
    pub(super) fn new(watched: bool, total: usize) -> Self {
        let bar = watched.then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(u64::try_from(total).unwrap_or_default());
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar, told: 0, playing: Vec::new() }
    }

    pub(super) const fn begin_round(&mut self) {
        self.told = 0;
    }

    pub(super) fn began(&mut self, title: &str) {
        self.playing.push(title.to_owned());
        self.show();
    }

    /// Reports the scenarios that have ended, up to the first one of the round that has not.
    pub(super) fn ended(&mut self, results: &Results, round: &Round, place: &SourceLocation) {
        let ended = results.find(place, round.repeat);
        if let Some(index) = ended.and_then(|ended| self.playing.iter().position(|title| *title == ended.title)) {
            self.playing.remove(index);
        }
        // A scenario that is played again does not count as done.
        if let Some(bar) = self.bar.as_ref().filter(|_| ended.is_none_or(|ended| !goes_on(ended, round))) {
            bar.inc(1);
        }
        self.show();
        let ready = scenarios(results, round).skip(self.told);
        let ready: Vec<_> = ready.take_while(|scenario| scenario.attempts() >= round.attempt).collect();
        self.told += ready.len();
        self.tell(&ready, round);
    }

    /// Shows the running scenarios and the estimated time left.
    fn show(&self) {
        let Some(bar) = &self.bar else { return };
        let more = self.playing.len().saturating_sub(1);
        let now = match self.playing.first() {
            Some(first) if more > 0 => format!("{} (+{more})", visible(first)),
            Some(first) => visible(first),
            None => String::new(),
        };
        bar.set_message(format!("{}{now}", left(bar)));
    }

    /// Reports the remaining scenarios of the round, the slowest ones, and the counts.
    pub(super) fn finish(&mut self, results: &Results, round: &Round, slowest: usize) {
        let rest: Vec<_> = scenarios(results, round).skip(self.told).collect();
        self.tell(&rest, round);
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        print(&format!("{}{}", slowest_of(results, slowest), summary(results)));
    }

    fn tell(&self, scenarios: &[&Scenario], round: &Round) {
        let told: String = scenarios.iter().map(|scenario| self.line(scenario, round)).collect();
        let told = paint::signs(&told);
        match &self.bar {
            Some(bar) => bar.suspend(|| print(&told)),
            None => print(&told),
        }
    }

    /// Line about a scenario, with its story if it failed. On a terminal the bar counts passed scenarios instead.
    fn line(&self, scenario: &Scenario, round: &Round) -> String {
        let (place, name, took) = (&scenario.place, visible(&scenario.title), scenario.took().as_millis());
        let attempt = scenario.attempts();
        match scenario.outcome() {
            // These are reported by reason at the end of the run.
            Outcome::NotPlayed | Outcome::NotPossible => String::new(),
            Outcome::Passed if self.bar.is_some() => String::new(),
            Outcome::Passed => tr!("✔ {place}  {name} ({took} мс)\n", "✔ {place}  {name} ({took} ms)\n"),
            Outcome::Flaky => tr!(
                "≈ {place}  {name}: прошёл с попытки {attempt} ({took} мс)\n",
                "≈ {place}  {name}: passed at attempt {attempt} ({took} ms)\n"
            ),
            Outcome::NotAsked => match scenario.lost() {
                Some(why) => {
                    let why = visible(why.lines().next().unwrap_or_default());
                    tr!("? {place}  {name}: не удалось спросить: {why}\n", "? {place}  {name}: could not ask: {why}\n")
                }
                // The reason is reported once, at the end of the run.
                None => tr!("? {place}  {name}: не удалось спросить\n", "? {place}  {name}: could not ask\n"),
            },
            Outcome::Failed if goes_on(scenario, round) => {
                let (of, why) = (round.of, scenario.fault().map_or("", |(_, why)| why));
                let why = visible(why.lines().next().unwrap_or_default());
                tr!(
                    "≈ {place}  {name}: попытка {attempt} из {of} не прошла: {why}\n",
                    "≈ {place}  {name}: attempt {attempt} of {of} did not pass: {why}\n"
                )
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

/// Scenarios of a round in its order.
fn scenarios<'r>(results: &'r Results, round: &'r Round) -> impl Iterator<Item = &'r Scenario> {
    round.order.iter().filter_map(|place| results.find(place, round.repeat))
}

/// Checks whether a scenario is played again in the next round.
fn goes_on(scenario: &Scenario, round: &Round) -> bool {
    scenario.outcome() == Outcome::Failed && scenario.attempts() < round.of
}

/// Estimate `осталось 12 с · `; empty before the first scenario has ended.
fn left(bar: &ProgressBar) -> String {
    let seconds = bar.eta().as_secs();
    if bar.position() == 0 || seconds == 0 {
        return String::new();
    }
    let time = match (seconds / 60, seconds % 60) {
        (0, seconds) => tr!("{seconds} с", "{seconds} s"),
        (minutes, seconds) => tr!("{minutes} мин {seconds} с", "{minutes} min {seconds} s"),
    };
    tr!("осталось {time} · ", "{time} left · ")
}

/// Writes to standard output; a failure goes to the log.
pub(super) fn print(text: &str) {
    if let Err(error) = paint::print(text) {
        tracing::warn!(%error, "the results were not printed");
    }
}
