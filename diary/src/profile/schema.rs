//! JSON Schema of a profile, as a file of its own and within a seed document.

use schemars::{JsonSchema as _, Schema, SchemaGenerator};
use serde_json::Value;

use super::Profile;

/// As [`Profile`], with nothing required, and with `like`.
pub(super) fn own_schema(generator: &mut SchemaGenerator) -> Schema {
    let mut whole = Profile::json_schema(generator);
    whole.remove("required");
    if let Some(properties) = whole.get_mut("properties").and_then(Value::as_object_mut) {
        let like = serde_json::json!({ "type": "string", "description": "Built-in profile that this one changes." });
        properties.insert("like".to_owned(), like);
    }
    whole
}

/// The JSON Schema of a profile's file.
pub fn profile_schema() -> Schema {
    let mut generator = SchemaGenerator::default();
    let mut schema = own_schema(&mut generator);
    let named = generator.take_definitions(true);
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".to_owned(), "Profile of a diary".into());
    schema.insert("$defs".to_owned(), Value::Object(named));
    schema
}
