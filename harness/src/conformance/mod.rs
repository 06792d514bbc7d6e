//! `esia-stand conformance`: a client of Gosuslugi is met with one fault of the provider after another, and judged by what it
//! does.

mod attempt;
mod choice;
mod description;
mod html;
mod judge;
mod judged;
mod junit;
mod play;
mod report;
mod screen;
mod stand;
mod written;

pub use choice::{Choice, applicable, listed};
pub use description::{Client, Place, Sign};
pub use judge::Verdict;
pub use judged::Judged;
pub use play::{Run, Stopped, play};
pub use report::{Counts, Report};
pub use screen::Screen;
pub use stand::{Side, Stand, Worlds};
pub use written::{as_html, as_json, as_junit, counted};
