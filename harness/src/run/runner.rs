//! Runner: Cucumber plays the scenarios, and each is reported when it begins and ends.

use std::sync::{Arc, Mutex, PoisonError};

use cucumber::{Event, Writer, event, parser, runner, step, writer};
use futures::stream;
use regex::Regex;

use super::{
    EvidenceFolder, RecordingFolder, ReportError, Reports,
    perform::perform,
    plan::Outcome,
    results::Results,
    rounds::{Order, Pace, Round, alone, place},
    terminal::{Terminal, print},
};
use crate::{
    scenario::{Halt, Named, Record, ScenarioState, TestBed},
    steps::meet_the_diary,
    suite::{SourceLocation, Suite},
};

/// Options of a run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Number of scenarios that are played at the same time.
    pub jobs: usize,
    /// Number of repeats and attempts, and the order of the scenarios.
    pub pace: Pace,
    /// Number of slowest scenarios that are listed at the end.
    pub slowest: usize,
    /// Report files to write.
    pub reports: Reports,
    /// Folder for recordings of requests and responses, if they are recorded.
    pub recording: Option<RecordingFolder>,
    /// Whether the output is a terminal, on which progress is shown.
    pub terminal: bool,
}

/// Summary of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Scenarios that failed.
    pub failed: usize,
    /// Scenarios in which the harness itself panicked.
    pub panicked: usize,
    /// Scenarios that could not go on, for example because a browser was lost.
    pub not_asked: usize,
    /// Reason why the run was stopped early.
    pub halted: Option<Halt>,
    /// Reports that could not be written.
    pub unwritten: Vec<ReportError>,
}

/// Parser that returns features already read.
struct Ready;

impl cucumber::Parser<Vec<gherkin::Feature>> for Ready {
    type Cli = cucumber::cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, features: Vec<gherkin::Feature>, _: Self::Cli) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// Writer that ignores Cucumber's events: [`Progress`] reports everything, with more detail.
struct Silent;

impl writer::Normalized for Silent {}

impl Writer<ScenarioState> for Silent {
    type Cli = cucumber::cli::Empty;

    async fn handle_event(&mut self, _: parser::Result<Event<event::Cucumber<ScenarioState>>>, _: &Self::Cli) {}
}

/// Results of the run, updated when each scenario begins and ends.
struct Progress(Mutex<State>);

struct State {
    results: Results,
    evidence: Option<EvidenceFolder>,
    recording: Option<RecordingFolder>,
    /// Folders of evidence and recordings that could not be written.
    unwritten: Vec<ReportError>,
    terminal: Terminal,
    round: Round,
}

impl Progress {
    fn with<T>(&self, tell: impl FnOnce(&mut State) -> T) -> T {
        // The results are plain data, so they are worth a report even after a panic.
        tell(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn begin(&self, round: Round) {
        self.with(|state| {
            state.terminal.begin_round();
            state.round = round;
        });
    }

    /// Reports the begin of a scenario; returns the name for it and its pictures.
    fn began(&self, place: &SourceLocation) -> Named {
        self.with(|State { results, terminal, round, .. }| {
            let scenario = results.find(place, round.repeat)?;
            terminal.began(&scenario.title);
            // Pictures of earlier attempts are kept.
            let slug = match round.attempt {
                1 => scenario.slug.clone(),
                attempt => format!("{}-{attempt}", scenario.slug),
            };
            Some(Named { title: format!("{} ({place})", scenario.title), slug, repeat: round.repeat })
        })
        .unwrap_or_default()
    }

    /// Keeps and reports the end of a scenario; returns whether it failed in its last attempt.
    fn ended(&self, place: &SourceLocation, record: Record) -> bool {
        self.with(|State { results, terminal, round, evidence, recording, unwritten }| {
            results.keep(place, round.repeat, record);
            if let (Some(evidence), Some(scenario)) = (evidence, results.find(place, round.repeat)) {
                let kept = evidence.keep(scenario);
                unwritten.extend(kept.err().map(|error| ReportError::system(&evidence.of(scenario), &error)));
                results.forget_dossier(place, round.repeat);
            }
            if let (Some(recording), Some(scenario)) = (recording, results.find(place, round.repeat)) {
                let kept = recording.keep(scenario);
                unwritten.extend(kept.err().map(|error| ReportError::system(&recording.of(scenario), &error)));
            }
            terminal.ended(results, round, place);
            let outcome = results.find(place, round.repeat).map(super::plan::Scenario::outcome);
            outcome == Some(Outcome::Panicked) || outcome == Some(Outcome::Failed) && round.attempt == round.of
        })
    }

    /// Checks whether a scenario of the finished round is played again.
    fn failed(&self, feature: &gherkin::Feature) -> bool {
        self.with(|State { results, round, .. }| {
            let scenario = place(feature).and_then(|place| results.find(&place, round.repeat));
            scenario.is_some_and(|scenario| scenario.outcome() == Outcome::Failed)
        })
    }
}

/// Plays a suite on a test bed until the end or until the test bed is stopped, and writes all reports.
pub async fn run(suite: Suite, test_bed: Arc<TestBed>, options: &Options) -> Summary {
    let repeat = usize::from(options.pace.repeat.max(1));
    let results = Results::repeated(&suite, repeat);
    let terminal = Terminal::new(options.terminal, results.total - results.count(Outcome::NotPossible));
    let (evidence, recording) = (options.reports.evidence.clone(), options.recording.clone());
    let (round, unwritten) = (Round::default(), Vec::new());
    let progress = Arc::new(Progress(Mutex::new(State { results, evidence, recording, unwritten, terminal, round })));
    let mut scenarios = alone(&suite.features);
    scenarios.retain(|feature| place(feature).is_none_or(|place| !suite.not_possible.contains_key(&place)));
    let mut order = Order::of(options.pace.shuffle);
    for repeat in 1..=repeat {
        let mut left = order.next(&scenarios);
        for attempt in 1..=options.pace.attempts() {
            if left.is_empty() || test_bed.halted().is_some() {
                break;
            }
            let order = left.iter().filter_map(place).collect();
            progress.begin(Round { repeat, attempt, of: options.pace.attempts(), order });
            play(left.clone(), &test_bed, &progress, options).await;
            left.retain(|feature| progress.failed(feature));
        }
    }
    progress.with(|State { results, terminal, round, unwritten, .. }| {
        terminal.finish(results, round, options.slowest);
        if let Some(file) = &options.reports.coverage {
            print(&format!("{}: {}\n", options.reports.rules.line(results), file.display()));
        }
        if let Some(github) = &options.reports.github {
            print(&github.annotations(results));
        }
        Summary {
            failed: results.count(Outcome::Failed),
            panicked: results.count(Outcome::Panicked),
            not_asked: results.count(Outcome::NotAsked),
            halted: test_bed.halted(),
            unwritten: unwritten.drain(..).chain(options.reports.save(results)).collect(),
        }
    })
}

/// Plays the scenarios of one round.
async fn play(features: Vec<gherkin::Feature>, test_bed: &Arc<TestBed>, progress: &Arc<Progress>, options: &Options) {
    let (entering, stopping) = (Arc::clone(test_bed), Arc::clone(test_bed));
    let (beginning, ending) = (Arc::clone(progress), Arc::clone(progress));
    let fail_fast = options.pace.fail_fast;
    let runner = runner::Basic::<ScenarioState>::default()
        .max_concurrent_scenarios(options.jobs.max(1))
        .steps(vocabulary())
        .before(move |feature, rule, scenario, state: &mut ScenarioState| {
            // After the run was stopped, no further scenario begins.
            if entering.halted().is_none() {
                state.enter(&entering, feature, beginning.began(&SourceLocation::of(feature, scenario)));
                let before = feature.background.iter().chain(rule.and_then(|rule| rule.background.as_ref()));
                if !meet_the_diary(before.flat_map(|background| &background.steps).chain(&scenario.steps)) {
                    state.leave_the_diary_alone();
                }
            }
            Box::pin(async {})
        })
        .after(move |feature, _, scenario, _, state: Option<&mut ScenarioState>| {
            let (progress, test_bed) = (Arc::clone(&ending), Arc::clone(&stopping));
            Box::pin(async move {
                if let Some(state) = state.filter(|state| state.has_begun()) {
                    let record = state.leave().await;
                    let lost = progress.ended(&SourceLocation::of(feature, scenario), record);
                    if lost && fail_fast {
                        test_bed.stop(Halt::FirstFailure);
                    }
                }
            })
        });
    let cucumber = cucumber::Cucumber::<_, _, _, _, _>::custom(Ready, runner, Silent);
    cucumber.with_default_cli().run(features).await;
}

/// One entry for all sentences: [`perform`] looks them up in our own vocabulary.
fn vocabulary() -> step::Collection<ScenarioState> {
    let Ok(any) = Regex::new("^") else { return step::Collection::new() };
    step::Collection::new().given(None, any.clone(), perform).when(None, any.clone(), perform).then(None, any, perform)
}
