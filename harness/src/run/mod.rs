//! `esia-stand run`: scenarios played through both servers, in parallel, each in its own world.

mod coverage;
mod report;
mod terminal;

use std::{
    io::{self, Write as _},
    path::PathBuf,
    sync::{Arc, Mutex},
};

use cucumber::{codegen::Regex, parser, runner, step};
use futures::stream;

use crate::{
    play::{Play, Stage, perform},
    suite::Suite,
};
pub use coverage::Coverage;
use report::Reports;
use terminal::Outcome;

/// Where the reports go, and how many scenarios play at once.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Scenarios at once.
    pub jobs: usize,
    /// `JUnit` XML.
    pub junit: Option<PathBuf>,
    /// Cucumber JSON.
    pub json: Option<PathBuf>,
    /// The table of rules, and what it is made of.
    pub coverage: Option<(PathBuf, Coverage)>,
    /// Whether somebody watches.
    pub terminal: bool,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// Scenarios that passed.
    pub passed: usize,
    /// Scenarios that failed.
    pub failed: usize,
    /// Why the run could not go on, if it could not.
    pub halted: Option<String>,
}

/// A report was not written.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {reason}")]
pub struct ReportError {
    file: String,
    reason: std::io::Error,
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

/// Plays a suite on a stage.
///
/// # Errors
/// When a report cannot be written.
pub async fn run(suite: Suite, stage: Stage, options: &Options) -> Result<Summary, ReportError> {
    let total = suite.count();
    let stage = Arc::new(stage);
    let results = Arc::new(Mutex::new(terminal::Results::default()));
    let reports = Reports::new(Arc::clone(&stage), options, total, Arc::clone(&results));
    let entering = Arc::clone(&stage);
    let runner = runner::Basic::<Play>::default()
        .max_concurrent_scenarios(options.jobs.max(1))
        .steps(vocabulary())
        .before(move |feature, _, scenario, play: &mut Play| {
            play.enter(&entering, feature, scenario);
            Box::pin(async {})
        })
        .after(move |_, _, _, _, play: Option<&mut Play>| {
            Box::pin(async move {
                if let Some(play) = play {
                    play.leave().await;
                }
            })
        });
    let reports = cucumber::Cucumber::<_, _, _, _, _>::custom(Ready, runner, reports)
        .with_default_cli()
        .run(suite.features)
        .await;
    reports.save(options)?;
    let results = results.lock().map(|results| results.clone()).unwrap_or_default();
    if let Some((file, mut coverage)) = options.coverage.clone() {
        coverage.take(&results);
        coverage.save(&file)?;
        let (proved, all) = coverage.count();
        // The table is written; that somebody stopped reading is no reason to fail.
        let _ = writeln!(io::stdout(), "{proved} of {all} rules proved: {}", file.display());
    }
    Ok(Summary {
        passed: results.count(Outcome::Passed),
        failed: results.count(Outcome::Failed),
        halted: stage.halted(),
    })
}

/// One entry for all sentences: [`perform`] looks them up in our own vocabulary.
fn vocabulary() -> step::Collection<Play> {
    let Ok(any) = Regex::new("^") else { return step::Collection::new() };
    step::Collection::new().given(None, any.clone(), perform).when(None, any.clone(), perform).then(None, any, perform)
}
