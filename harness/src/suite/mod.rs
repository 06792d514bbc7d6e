//! Features, composed steps and seeds, on disk or built into the program: read and checked before a run starts.

pub mod clients;
mod composed;
mod content;
mod diagnostic;
mod feature;
mod files;
mod gherkin;
pub mod known_differences;
mod load;
mod location;
mod nesting;
mod not_possible;
mod open;
mod places;
pub mod profile;
pub mod provider;
pub mod relying_party;
mod rules;
pub mod seed;
mod sense;
mod sides;
mod story;
mod tags;
pub mod teams;
#[cfg(test)]
mod tests;
mod typed;
mod under;
mod vocabularies;
mod wording;
mod written;
mod yaml;

pub use composed::{ComposedStep, Reading, Vocabulary};
pub use diagnostic::{Diagnostic, nearest};
pub(crate) use files::world_not_there;
pub use files::{File, documented_worlds, embedded, seed_of};
pub use gherkin::{LineAt, StepLine};
pub use load::{Suite, check};
pub use location::SourceLocation;
pub use nesting::{Call, Nested, Nesting};
pub use not_possible::NotPossible;
pub use open::{OpenFile, OpenWorld, Unsaved};
pub use tags::Tags;
pub use vocabularies::{Vocabularies, composed_at};
pub use wording::Wording;
pub(crate) use yaml::told as of_form;
