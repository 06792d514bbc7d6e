//! Log on standard error: level and format.

use std::io::{self, IsTerminal as _};

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tracing_subscriber::{
    Layer as _,
    filter::{LevelFilter, Targets},
    layer::SubscriberExt as _,
    util::SubscriberInitExt as _,
};

use crate::exit::CliError;

/// Level of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Level {
    /// Nothing is logged.
    Off,
    /// Faults of the program.
    Error,
    /// Events that may need attention.
    Warn,
    /// Every request, with its verdict and client.
    Info,
    /// Steps of the program itself.
    Debug,
    /// Steps of its libraries as well.
    Trace,
}

/// Format of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// One line of text, for people.
    Human,
    /// One JSON object a line.
    Json,
}

/// Our own crates. The levels `info` and `debug` apply to them alone; libraries then log warnings.
const OURS: [&str; 6] = ["esia_stand", "harness", "idp", "diary", "web", "worlds"];

impl Level {
    fn filter(self) -> Targets {
        let (ours, others) = match self {
            Self::Off => (LevelFilter::OFF, LevelFilter::OFF),
            Self::Error => (LevelFilter::ERROR, LevelFilter::ERROR),
            Self::Warn => (LevelFilter::WARN, LevelFilter::WARN),
            Self::Info => (LevelFilter::INFO, LevelFilter::WARN),
            Self::Debug => (LevelFilter::DEBUG, LevelFilter::WARN),
            Self::Trace => (LevelFilter::TRACE, LevelFilter::TRACE),
        };
        Targets::new().with_default(others).with_targets(OURS.map(|target| (target, ours)))
    }
}

/// Starts the log. The default format is text on a terminal and JSON elsewhere.
pub(super) fn start(level: Level, format: Option<Format>) -> Result<(), CliError> {
    let format = format.unwrap_or(if io::stderr().is_terminal() { Format::Human } else { Format::Json });
    let to_stderr = tracing_subscriber::fmt::layer().with_writer(io::stderr).with_ansi(false);
    let layer = match format {
        Format::Human => to_stderr.boxed(),
        Format::Json => to_stderr.json().boxed(),
    };
    tracing_subscriber::registry().with(layer.with_filter(level.filter())).try_init().map_err(CliError::could_not_run)
}
