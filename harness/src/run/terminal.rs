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

/// What has been counted so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Results {
    pub(super) passed: usize,
    pub(super) failed: usize,
}

/// The writer for people.
pub(super) struct Terminal {
    bar: Option<ProgressBar>,
    results: Arc<Mutex<Results>>,
    playing: HashMap<Source<gherkin::Scenario>, Playing>,
    failures: Vec<Failure>,
    began: Instant,
}

struct Playing {
    began: Instant,
    failure: Option<Failure>,
}

/// One failed scenario: where, which step, and its story.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Failure {
    place: String,
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
    pub(super) fn new(watched: bool, total: usize, results: Arc<Mutex<Results>>) -> Self {
        let bar = watched.then(|| {
            let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {wide_msg}");
            let bar = ProgressBar::new(u64::try_from(total).unwrap_or_default());
            style.map(|style| bar.clone().with_style(style)).unwrap_or(bar)
        });
        Self { bar, results, playing: HashMap::new(), failures: Vec::new(), began: Instant::now() }
    }

    pub(super) fn take(&mut self, event: &event::Cucumber<crate::play::Play>) {
        use event::{Cucumber, Feature, Rule};
        match event {
            Cucumber::Feature(feature, Feature::Scenario(scenario, event))
            | Cucumber::Feature(feature, Feature::Rule(_, Rule::Scenario(scenario, event))) => {
                self.scenario(feature, scenario, &event.event);
            }
            Cucumber::Finished => self.finish(),
            _ => {}
        }
    }

    fn scenario(
        &mut self,
        feature: &gherkin::Feature,
        scenario: &Source<gherkin::Scenario>,
        event: &event::Scenario<crate::play::Play>,
    ) {
        use event::Scenario;
        match event {
            Scenario::Started => {
                let playing = Playing { began: Instant::now(), failure: None };
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
                self.fail(
                    feature,
                    scenario,
                    step.position.line,
                    &format!("{} {}", step.keyword.trim(), step.value),
                    story,
                );
            }
            Scenario::Hook(_, Hook::Failed(_, payload)) => {
                let (line, story) = (scenario.position.line, words(payload));
                self.fail(feature, scenario, line, "", story);
            }
            Scenario::Finished => self.end(feature, scenario),
            _ => {}
        }
    }

    fn fail(
        &mut self,
        feature: &gherkin::Feature,
        scenario: &Source<gherkin::Scenario>,
        line: usize,
        step: &str,
        story: String,
    ) {
        let failure =
            Failure { place: place(feature, line), scenario: scenario.name.clone(), step: step.to_owned(), story };
        if let Some(playing) = self.playing.get_mut(scenario) {
            playing.failure = Some(failure);
        }
    }

    fn end(&mut self, feature: &gherkin::Feature, scenario: &Source<gherkin::Scenario>) {
        let Some(Playing { began, failure }) = self.playing.remove(scenario) else { return };
        if let Ok(mut results) = self.results.lock() {
            if failure.is_some() {
                results.failed += 1;
            } else {
                results.passed += 1;
            }
        }
        let mark = if failure.is_some() { "✘" } else { "✔" };
        self.failures.extend(failure);
        if let Some(bar) = &self.bar {
            return bar.inc(1);
        }
        let place = place(feature, scenario.position.line);
        let _ = writeln!(io::stdout(), "{mark} {place}  {} ({} ms)", scenario.name, began.elapsed().as_millis());
    }

    fn finish(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        let mut out = io::stdout().lock();
        self.failures.sort();
        let printed: io::Result<()> = self.failures.iter().try_for_each(|failure| failure.print(&mut out));
        let (passed, failed) = self.results.lock().map(|results| (results.passed, results.failed)).unwrap_or_default();
        let seconds = self.began.elapsed().as_secs_f32();
        let summed = writeln!(out, "\n{passed} passed, {failed} failed in {seconds:.1} s");
        if let Err(error) = printed.and(summed) {
            tracing::warn!(%error, "the results were not printed");
        }
    }
}

fn place(feature: &gherkin::Feature, line: usize) -> String {
    let file = feature.path.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
    format!("{file}:{line}")
}

fn words(payload: &event::Info) -> String {
    let text = (**payload).downcast_ref::<String>().cloned();
    text.or_else(|| (**payload).downcast_ref::<&str>().map(|text| (*text).to_owned())).unwrap_or_default()
}
