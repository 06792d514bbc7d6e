//! The console: the control API for people. Grey, on both servers, in Russian and English.

mod clock;
mod diagram;
mod entering;
mod exchange;
mod inbox;
mod requests;
mod routes;
mod script;
mod sequence;
mod start;
mod timeline;
mod told;
mod verdict;
mod worlds;

pub use clock::{ClockPanel, OtherClock};
pub use diagram::Diagram;
pub use exchange::Exchange;
pub(crate) use routes::pages;
pub(crate) use script::{allow as with_script, answer as script, path as script_path};
pub use start::Console;
