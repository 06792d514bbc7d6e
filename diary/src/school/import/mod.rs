//! The register as a CSV file, uploaded or downloaded by an administrator. A line is a pupil with up to four parents.
//! An upload adds and corrects; it deletes nothing, and an empty cell keeps the existing value. It is imported whole
//! or, with a fault in any line, not at all.

pub(crate) mod api;
mod cells;
mod columns;
mod export;
mod faults;
pub(crate) mod pages;
mod plan;
mod read;
#[cfg(test)]
mod tests;
mod text;

use faults::{FileFaults, LineFault};
