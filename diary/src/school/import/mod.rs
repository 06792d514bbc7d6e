//! The register as a CSV file: what an administrator uploads, and what is given out. A line is a pupil with up to four
//! parents. An upload adds and corrects; it deletes nothing, and an empty cell leaves what is there. It is taken whole or,
//! with a fault in any line, not at all.

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
