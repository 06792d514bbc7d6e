//! The steps that scenarios may use: their sentences, and what each does.

mod definition;
mod diary;
mod faults;
mod gosuslugi;
mod letters;
#[cfg(test)]
mod mutants;
mod pages;
mod pattern;
mod school;
#[cfg(test)]
mod tests;
mod vocabulary;
mod world;

pub use definition::{PageUse, StepDefinition, StepGroup, Table};
pub use vocabulary::{Found, Unknown, all, canonical, find, name, people_of, texts_of, vocabulary};
pub(crate) use world::morning;
