//! A person's browser: what can be seen and done on a page, whether the page is read over plain HTTP or shown by Chromium.

mod chromium;
mod download;
mod driver;
mod http;
mod page;
mod person;
mod read;
mod target;
#[cfg(test)]
mod tests;

pub use chromium::ChromiumBrowser;
pub use download::Download;
pub use driver::Driver;
pub(crate) use http::Held;
pub use http::HttpBrowser;
pub use page::Page;
pub use person::Browser;
pub(crate) use read::has_words;
pub use read::normal;
pub use target::{BrowserError, Target};
