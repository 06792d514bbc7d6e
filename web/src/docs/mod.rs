//! The book of `docs/`, embedded: as pages under `/control/docs/` with a search, as a site of static files, and passages of it
//! for whoever asks for a source, a rule, an error code or a mistake.

mod book;
mod document;
mod explain;
mod pages;
mod render;
mod search;
mod site;
mod source;
#[cfg(test)]
mod tests;

pub use book::pictures as book_pictures;
pub use explain::{Unexplained, explain};
pub(crate) use pages::pages;
pub use site::{SitePage, book_site};
pub(crate) use source::{CitedPassage, citations};
