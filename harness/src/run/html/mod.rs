//! `--html`: the results as one page that needs no other file.

mod lists;
mod marks;
mod page;
mod request;
mod story;
#[cfg(test)]
mod tests;

pub(super) use page::{Told, page};
