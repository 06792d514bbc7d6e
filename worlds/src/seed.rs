//! Seed documents: what a world starts from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::{JsonError, StartClock, from_json};

/// What both servers make a world from. Each reads its own section; the sections' own types are `idp::Seed` and
/// `diary::Seed`.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SeedDocument {
    /// One line that says what the world is for.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Where the world's clock begins.
    #[serde(default)]
    pub clock: StartClock,
    /// Start of the world's random values: the same number and the same script give the same codes and ids. Without it
    /// each world draws its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub random: Option<u64>,
    /// The provider's section: people, families, clients, agencies.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub gosuslugi: Value,
    /// The diary's section: its provider and the school's register.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub diary: Value,
}

/// What is wrong with a seed document, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct SeedError {
    /// Where, as `gosuslugi.people.anna.snils`.
    pub path: String,
    /// What, in Russian.
    pub message: String,
}

impl SeedError {
    /// An error at a place.
    pub fn at(path: impl Into<String>, message: &dyn std::fmt::Display) -> Self {
        Self { path: path.into(), message: message.to_string() }
    }

    /// The error of what stands in a document at a path.
    pub fn within(outer: &str, JsonError { path, reason }: JsonError) -> Self {
        let dot = if path.is_empty() || path.starts_with('[') { "" } else { "." };
        Self { path: format!("{outer}{dot}{path}"), message: reason }
    }
}

/// Reads one server's section, `name` being its key in the document; an absent one is its default.
///
/// # Errors
/// An unknown field, a missing one, a value of the wrong form.
pub(crate) fn section<T: DeserializeOwned + Default>(name: &str, value: &Value) -> Result<T, SeedError> {
    if value.is_null() {
        return Ok(T::default());
    }
    // As text: the types of a seed are read in the one form in which those of events are.
    from_json(&value.to_string()).map_err(|error| SeedError::within(name, error))
}

impl SeedDocument {
    /// The provider's section.
    ///
    /// # Errors
    /// As [`SeedError`] says.
    pub fn gosuslugi<T: DeserializeOwned + Default>(&self) -> Result<T, SeedError> {
        section("gosuslugi", &self.gosuslugi)
    }

    /// The diary's section.
    ///
    /// # Errors
    /// As [`SeedError`] says.
    pub fn diary<T: DeserializeOwned + Default>(&self) -> Result<T, SeedError> {
        section("diary", &self.diary)
    }
}
