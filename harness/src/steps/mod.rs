//! Steps that scenarios may use: their sentences, and the functions that play them.

mod at_once;
mod at_stand;
mod definition;
mod diary;
mod faults;
mod files;
mod gosuslugi;
mod letters;
#[cfg(test)]
mod mutants;
mod pages;
mod pattern;
mod requests;
mod school;
mod sides;
mod site;
mod tables;
#[cfg(test)]
mod tests;
mod their_pages;
mod theirs;
mod vocabulary;
mod waiting;
mod world;

pub use definition::{Asks, Leads, Needs, PageUse, StepDefinition, StepGroup, Table, Text};
pub use sides::{is_raced, meet_the_diary, people_in, played, sides};
pub use their_pages::play;
pub use vocabulary::{
    Found, Unknown, all, canonical, explained, find, name, people_of, places_of, texts_of, vocabulary, words_of,
};
pub(crate) use vocabulary::{likeness, own_words, read};
pub(crate) use world::morning;
