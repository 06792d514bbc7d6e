//! YAML documents of the servers' own types, read as JSON so that the servers' deserialization is the only one in use.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Diagnostic, File, places::Places, written::as_written, yaml};

/// Document: its value, and the places of its parts.
pub(super) struct Document {
    pub(super) value: Value,
    pub(super) places: Places,
}

impl Document {
    /// Reads a document; the schema says which scalars are texts.
    ///
    /// # Errors
    /// Fails if the file is not YAML, with the place.
    pub(super) fn of(file: &File, schema: &Value) -> Result<Self, Vec<Diagnostic>> {
        let told = |error: serde_saphyr::Error| vec![yaml::told(file, &error)];
        let places = Places::of(&file.text).map_err(told)?;
        let mut value: Value = serde_saphyr::from_str(&file.text).map_err(told)?;
        as_written(&mut value, schema, &places, &file.text);
        Ok(Self { value, places })
    }

    /// Deserializes the document into a type.
    ///
    /// # Errors
    /// Returns the first mistake of form with its place.
    pub(super) fn read<T: DeserializeOwned>(&self, file: &File) -> Result<T, Vec<Diagnostic>> {
        worlds::from_json(&self.value.to_string()).map_err(|error| {
            let at = self.places.find_mistake(&error.path, &error.reason);
            // The message already contains the written value; the reason says what is expected instead.
            let (given, expected) = error.reason.rsplit_once(", expected ").unwrap_or_default();
            let is_scalar = ["string", "integer", "floating point", "boolean"].iter().any(|kind| {
                ["type", "value"].iter().any(|what| given.starts_with(&format!("invalid {what}: {kind} ")))
            });
            let reason = if is_scalar { format!("expected {expected}") } else { error.reason.clone() };
            vec![yaml::in_words(file, at, &reason)]
        })
    }
}
