//! A person's browser: content and actions of a page, read over plain HTTP or shown by Chromium or Firefox.

mod download;
mod driver;
mod http;
mod launch;
mod page;
mod person;
mod read;
mod real;
mod session;
mod target;
#[cfg(test)]
mod tests;
mod wanted;

pub use download::Download;
pub use driver::Driver;
pub(crate) use http::Held;
pub use http::HttpBrowser;
pub use page::Page;
pub use person::Browser;
pub(crate) use read::has_words;
pub use read::normal;
pub use real::RealBrowser;
pub use target::{BrowserError, Target};
pub use wanted::{Engine, Viewport, Wanted};
