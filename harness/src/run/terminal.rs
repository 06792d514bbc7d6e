//! What is seen while scenarios play: a line that moves on a terminal, a plain line for each scenario elsewhere; then the
//! failures with their stories, and the count.

use std::{
    collections::HashMap,
    io::{self, Write as _},
    sync::{Arc, Mutex},
    time::Instant,
};

use cucumber::event::{self, Hook, Source, StepError};
use indicatif::{ProgressBar, ProgressStyle};

use crate::{
    play::{Play, Stage},
    suite::Place,
};

/// How the scenarios ended that were played so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Results(HashMap<Place, Outcome>);

impl Results {
    pub(super) fn count(&self, outcome: Outcome) -> usize {
        self.0.values().filter(|ended| **ended == outcome).count()
    }

    pub(super) fn outcome(&self, place: &Place) -> Option<Outcome> {
        self.0.get(place).copied()
    }
}

/// How a scenario ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Passed,
    Failed,
    /// Not played to the end because nothing could be asked any more.
    Unplayed,
}

/// The writer for people.
pub(super) struct Terminal {
    stage: Arc<Stage>,
    bar: Option<ProgressBar>,
    results: Arc<Mutex<Results>>,
    playing: HashMap<Source<gherkin::Scenario>, Playing>,
    failures: Vec<Failure>,
    began: Instant,
}

struct Playing {
    began: Instant,
    outcome: Outcome,
    /// The step that failed, and its story.
    fault: (String, String),
}

/// One failed scenario.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Failure {
    place: Place,
    scenario: String,
    step: String,
    story: String,
}

impl Failure {
    fn print(&self, out: &mut impl io::Write) -> io::Result<()> {
        writeln!(out, "\n✘ {}  {}", self.place, self.scenario)?;
        writeln!(out, "  {}", self.step)?;
        self.story.lines().try_for_each(|line| writeln!(out, "    {line}"))
    }
}

impl Terminal {
    pub(super) fn new(stage: Arc<Stage>, watched: bool, total: usize, results: Arc<Mutex<Results>>) -> Self {
        let bar = watched.then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(u64::try_from(total).unwrap_or_default());
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { stage, bar, results, playing: HashMap::new(), failures: Vec::new(), began: Instant::now() }
    }

    pub(super) fn take(&mut self, event: &event::Cucumber<Play>) {
        use event::{Cucumber, Feature, Rule};
        match event {
            Cucumber::Feature(
                feature,
                Feature::Scenario(scenario, event) | Feature::Rule(_, Rule::Scenario(scenario, event)),
            ) => self.scenario(feature, scenario, &event.event),
            Cucumber::Finished => self.finish(),
            _ => {}
        }
    }

    fn scenario(
        &mut self,
        feature: &gherkin::Feature,
        scenario: &Source<gherkin::Scenario>,
        event: &event::Scenario<Play>,
    ) {
        use event::Scenario;
        match event {
            Scenario::Started => {
                let playing = Playing { began: Instant::now(), outcome: Outcome::Passed, fault: Default::default() };
                self.playing.insert(scenario.clone(), playing);
                if let Some(bar) = &self.bar {
                    bar.set_message(scenario.name.clone());
                }
            }
            Scenario::Step(step, event::Step::Failed(.., error))
            | Scenario::Background(step, event::Step::Failed(.., error)) => {
                let story = match error {
                    StepError::Panic(payload) => words(payload),
                    other => other.to_string(),
                };
                let place = Place { line: step.position.line, ..Place::of(feature, scenario) };
                self.fail(scenario, format!("{place}  {} {}", step.keyword.trim(), step.value), story);
            }
            Scenario::Hook(_, Hook::Failed(_, payload)) => self.fail(scenario, String::new(), words(payload)),
            Scenario::Finished => self.end(feature, scenario),
            _ => {}
        }
    }

    fn fail(&mut self, scenario: &Source<gherkin::Scenario>, step: String, story: String) {
        let unplayed = self.stage.halted().is_some_and(|why| why == story);
        if let Some(playing) = self.playing.get_mut(scenario) {
            playing.outcome = if unplayed { Outcome::Unplayed } else { Outcome::Failed };
            playing.fault = (step, story);
        }
    }

    fn end(&mut self, feature: &gherkin::Feature, scenario: &Source<gherkin::Scenario>) {
        let Some(Playing { began, outcome, fault: (step, story) }) = self.playing.remove(scenario) else { return };
        let (place, name) = (Place::of(feature, scenario), scenario.name.clone());
        let mark = match outcome {
            Outcome::Passed => "✔",
            Outcome::Failed => "✘",
            Outcome::Unplayed => "…",
        };
        if let Some(bar) = &self.bar {
            bar.inc(1);
        } else {
            let took = began.elapsed().as_millis();
            let _ = writeln!(io::stdout(), "{mark} {place}  {name} ({took} ms)");
        }
        if outcome == Outcome::Failed {
            self.failures.push(Failure { place: place.clone(), scenario: name, step, story });
        }
        if let Ok(mut results) = self.results.lock() {
            results.0.insert(place, outcome);
        }
    }

    fn finish(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let mut out = io::stdout().lock();
        self.failures.sort();
        let printed: io::Result<()> = self.failures.iter().try_for_each(|failure| failure.print(&mut out));
        let results = self.results.lock().map(|results| results.clone()).unwrap_or_default();
        let [passed, failed, unplayed] =
            [Outcome::Passed, Outcome::Failed, Outcome::Unplayed].map(|outcome| results.count(outcome));
        let unplayed = if unplayed == 0 { String::new() } else { format!(", {unplayed} not played") };
        let seconds = self.began.elapsed().as_secs_f32();
        let summed = writeln!(out, "\n{passed} passed, {failed} failed{unplayed} in {seconds:.1} s");
        if let Err(error) = printed.and(summed) {
            tracing::warn!(%error, "the results were not printed");
        }
    }
}

fn words(payload: &event::Info) -> String {
    let text = (**payload).downcast_ref::<String>().cloned();
    text.or_else(|| (**payload).downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
