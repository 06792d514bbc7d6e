//! `esia-stand conformance`: plays one fault of the provider after another against a client of Gosuslugi, and judges
//! the client by its behaviour.

mod attempt;
mod choice;
mod driven;
mod end;
mod html;
mod judge;
#[cfg(test)]
mod judge_tests;
mod judged;
mod junit;
mod leaving;
mod passing;
mod paths;
mod play;
mod report;
mod restart;
mod round;
mod screen;
mod shown;
mod stand;
mod trap;
mod walk;
mod written;

pub use choice::{Choice, applicable, listed};
pub use judge::Verdict;
pub use judged::Judged;
pub use play::{Run, Stopped, play};
pub use report::{Counts, Report};
pub use screen::Screen;
pub use stand::{Side, Stand, Worlds};
pub use written::{as_html, as_json, as_junit, counted};
