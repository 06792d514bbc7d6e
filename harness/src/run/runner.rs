//! The runner: Cucumber plays the scenarios, and each is reported as it begins and ends.

use std::sync::{Arc, Mutex, PoisonError};

use cucumber::{Event, Writer, event, parser, runner, step, writer};
use futures::stream;
use regex::Regex;

use super::{ReportError, Reports, perform::perform, plan::Outcome, results::Results, terminal::Terminal};
use crate::{
    scenario::{Halt, Record, ScenarioState, TestBed},
    suite::{SourceLocation, Suite},
};

/// Options of a run.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Scenarios at once.
    pub jobs: usize,
    /// Files of the reports.
    pub reports: Reports,
    /// Whether somebody watches.
    pub terminal: bool,
}

/// Summary of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Scenarios that failed.
    pub failed: usize,
    /// Scenarios in which the harness itself panicked.
    pub panicked: usize,
    /// Reason for which the run was stopped early.
    pub halted: Option<Halt>,
    /// Reports that were not written.
    pub unwritten: Vec<ReportError>,
}

/// Features that were read already.
struct Ready;

impl cucumber::Parser<Vec<gherkin::Feature>> for Ready {
    type Cli = cucumber::cli::Empty;
    type Output = stream::Iter<std::vec::IntoIter<parser::Result<gherkin::Feature>>>;

    fn parse(self, features: Vec<gherkin::Feature>, _: Self::Cli) -> Self::Output {
        stream::iter(features.into_iter().map(Ok).collect::<Vec<_>>())
    }
}

/// Everything is told by the [`Progress`]: Cucumber's own events say less.
struct Silent;

impl writer::Normalized for Silent {}

impl Writer<ScenarioState> for Silent {
    type Cli = cucumber::cli::Empty;

    async fn handle_event(&mut self, _: parser::Result<Event<event::Cucumber<ScenarioState>>>, _: &Self::Cli) {}
}

/// Receiver of the begin and end of each scenario.
struct Progress(Mutex<(Results, Terminal)>);

impl Progress {
    fn with<T>(&self, tell: impl FnOnce(&mut Results, &mut Terminal) -> T) -> T {
        // Results are plain data: what a panic leaves of them still is worth a report.
        let mut progress = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (results, terminal) = &mut *progress;
        tell(results, terminal)
    }

    /// A scenario begins: what its pictures are called.
    fn began(&self, place: &SourceLocation) -> String {
        self.with(|results, terminal| {
            let scenario = results.find(place);
            scenario.inspect(|scenario| terminal.began(scenario)).map(|scenario| scenario.slug.clone())
        })
        .unwrap_or_default()
    }

    fn ended(&self, place: &SourceLocation, record: Record) {
        self.with(|results, terminal| {
            results.keep(place, record);
            terminal.ended(results);
        });
    }
}

/// Plays a suite on a test bed until it is through or the test bed is stopped, and writes every report.
pub async fn run(suite: Suite, test_bed: Arc<TestBed>, options: &Options) -> Summary {
    let results = Results::of(&suite);
    let terminal = Terminal::new(options.terminal, results.total);
    let progress = Arc::new(Progress(Mutex::new((results, terminal))));
    let (entering, beginning, ending) = (Arc::clone(&test_bed), Arc::clone(&progress), Arc::clone(&progress));
    let runner = runner::Basic::<ScenarioState>::default()
        .max_concurrent_scenarios(options.jobs.max(1))
        .steps(vocabulary())
        .before(move |feature, _, scenario, state: &mut ScenarioState| {
            // Once the run is stopped nothing begins any more.
            if entering.halted().is_none() {
                state.enter(&entering, feature, beginning.began(&SourceLocation::of(feature, scenario)));
            }
            Box::pin(async {})
        })
        .after(move |feature, _, scenario, _, state: Option<&mut ScenarioState>| {
            let progress = Arc::clone(&ending);
            Box::pin(async move {
                if let Some(state) = state.filter(|state| state.has_begun()) {
                    let record = state.leave().await;
                    progress.ended(&SourceLocation::of(feature, scenario), record);
                }
            })
        });
    let cucumber = cucumber::Cucumber::<_, _, _, _, _>::custom(Ready, runner, Silent);
    cucumber.with_default_cli().run(suite.features).await;
    progress.with(|results, terminal| {
        let rules = options.reports.coverage.as_ref().map(|(file, rules)| (rules.line(results), file));
        terminal.finish(results, rules);
        Summary {
            failed: results.count(Outcome::Failed),
            panicked: results.count(Outcome::Panicked),
            halted: test_bed.halted(),
            unwritten: options.reports.save(results),
        }
    })
}

/// One entry for all sentences: [`perform`] looks them up in our own vocabulary.
fn vocabulary() -> step::Collection<ScenarioState> {
    let Ok(any) = Regex::new("^") else { return step::Collection::new() };
    step::Collection::new().given(None, any.clone(), perform).when(None, any.clone(), perform).then(None, any, perform)
}
