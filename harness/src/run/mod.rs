//! `esia-stand run`: scenarios played through both servers, in parallel, each in its own world.

mod coverage;
mod json;
mod junit;
mod names;
mod perform;
mod plan;
mod report;
mod results;
mod runner;
mod stop;
mod story;
mod terminal;
#[cfg(test)]
mod tests;

pub use coverage::Coverage;
pub use report::{ReportError, Reports};
pub use runner::{Options, Summary, run};
pub use stop::Signals;
