//! `esia-stand run`: scenarios played through both servers, in parallel, each in its own world.

mod coverage;
mod json;
mod junit;
mod names;
mod report;
mod results;
mod stop;
mod story;
mod terminal;
#[cfg(test)]
mod tests;

use std::sync::{Arc, Mutex, PoisonError};

use cucumber::{Event, Writer, event, parser, runner, step, writer};
use futures::stream;
use regex::Regex;

use crate::{
    play::{Halt, Play, Record, Stage, perform},
    suite::{Place, Suite},
};
pub use coverage::Coverage;
pub use report::{ReportError, Reports};
pub use stop::Signals;

use results::{Outcome, Results};
use terminal::Terminal;

/// How scenarios are played and told of.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Scenarios at once.
    pub jobs: usize,
    /// Where the reports go.
    pub reports: Reports,
    /// Whether somebody watches.
    pub terminal: bool,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Scenarios that failed.
    pub failed: usize,
    /// Why the run could not go on, if it could not.
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

/// Everything is told by the [`Desk`]: Cucumber's own events say less.
struct Silent;

impl writer::Normalized for Silent {}

impl Writer<Play> for Silent {
    type Cli = cucumber::cli::Empty;

    async fn handle_event(&mut self, _: parser::Result<Event<event::Cucumber<Play>>>, _: &Self::Cli) {}
}

/// Where scenarios are told to begin and end.
struct Desk(Mutex<(Results, Terminal)>);

impl Desk {
    fn with<T>(&self, tell: impl FnOnce(&mut Results, &mut Terminal) -> T) -> T {
        // Results are plain data: what a panic leaves of them still is worth a report.
        let mut desk = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (results, terminal) = &mut *desk;
        tell(results, terminal)
    }

    /// A scenario begins: what its pictures are called.
    fn began(&self, place: &Place) -> String {
        self.with(|results, terminal| {
            let scenario = results.find(place);
            scenario.inspect(|scenario| terminal.began(scenario)).map(|scenario| scenario.slug.clone())
        })
        .unwrap_or_default()
    }

    fn ended(&self, place: &Place, record: Record) {
        self.with(|results, terminal| {
            results.keep(place, record);
            terminal.ended(results);
        });
    }
}

/// Plays a suite on a stage until it is through or the stage is stopped, and writes every report.
pub async fn run(suite: Suite, stage: Arc<Stage>, options: &Options) -> Summary {
    let results = Results::of(&suite);
    let terminal = Terminal::new(options.terminal, results.total);
    let desk = Arc::new(Desk(Mutex::new((results, terminal))));
    let (entering, beginning, ending) = (Arc::clone(&stage), Arc::clone(&desk), Arc::clone(&desk));
    let runner = runner::Basic::<Play>::default()
        .max_concurrent_scenarios(options.jobs.max(1))
        .steps(vocabulary())
        .before(move |feature, _, scenario, play: &mut Play| {
            // Once the run is stopped nothing begins any more.
            if entering.halted().is_none() {
                play.enter(&entering, feature, beginning.began(&Place::of(feature, scenario)));
            }
            Box::pin(async {})
        })
        .after(move |feature, _, scenario, _, play: Option<&mut Play>| {
            let desk = Arc::clone(&ending);
            Box::pin(async move {
                if let Some(play) = play.filter(|play| play.has_begun()) {
                    let record = play.leave().await;
                    desk.ended(&Place::of(feature, scenario), record);
                }
            })
        });
    let cucumber = cucumber::Cucumber::<_, _, _, _, _>::custom(Ready, runner, Silent);
    cucumber.with_default_cli().run(suite.features).await;
    desk.with(|results, terminal| {
        let rules = options.reports.coverage.as_ref().map(|(file, rules)| (rules.line(results), file));
        terminal.finish(results, rules);
        Summary {
            failed: results.count(Outcome::Failed),
            halted: stage.halted(),
            unwritten: options.reports.save(results),
        }
    })
}

/// One entry for all sentences: [`perform`] looks them up in our own vocabulary.
fn vocabulary() -> step::Collection<Play> {
    let Ok(any) = Regex::new("^") else { return step::Collection::new() };
    step::Collection::new().given(None, any.clone(), perform).when(None, any.clone(), perform).then(None, any, perform)
}
