//! `esia-stand run`: plays scenarios through both servers, in parallel, each in a world of its own, and reports the
//! results.

mod act;
mod allure;
mod at_once;
mod coverage;
mod evidence;
mod forges;
mod html;
mod json;
mod junit;
mod list;
mod names;
mod nesting;
#[cfg(test)]
mod not_possible_tests;
mod perform;
mod plan;
mod recording;
mod replay;
mod report;
mod rerun;
mod results;
mod rounds;
mod runner;
mod secrets;
mod stop;
mod story;
mod summary;
mod terminal;
#[cfg(test)]
mod tests;

pub use coverage::Coverage;
pub use evidence::EvidenceFolder;
pub use forges::Github;
pub use list::{listed, listed_as_json, planned};
pub use recording::RecordingFolder;
pub use replay::Replay;
pub use report::{ReportError, Reports};
pub use rerun::Rerun;
pub use rounds::Pace;
pub use runner::{Options, Summary, run};
pub use stop::Signals;
