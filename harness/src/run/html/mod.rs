//! `--html`: the results as one page without any other file, for whoever has to know and whoever has to mend.

mod lists;
mod marks;
mod page;
mod request;
mod story;
#[cfg(test)]
mod tests;

pub(super) use page::{Told, page};
