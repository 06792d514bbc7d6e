//! JSON Schema of a profile, as a document of its own and within the schema of a seed document.

use schemars::{JsonSchema as _, Schema, SchemaGenerator};
use serde_json::Value;

use super::Profile;

/// Returns the schema of [`Profile`] with no required field and with the additional field `like`.
pub(super) fn own_schema(generator: &mut SchemaGenerator) -> Schema {
    let mut whole = Profile::json_schema(generator);
    whole.remove("required");
    if let Some(properties) = whole.get_mut("properties").and_then(Value::as_object_mut) {
        let like = serde_json::json!({ "type": "string", "description": "Built-in profile that this one changes." });
        properties.insert("like".to_owned(), like);
    }
    whole
}

/// Returns the JSON Schema of a profile file.
pub fn profile_schema() -> Schema {
    let mut generator = SchemaGenerator::default();
    let mut schema = own_schema(&mut generator);
    let named = generator.take_definitions(true);
    schema.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    schema.insert("title".to_owned(), "Profile of a diary".into());
    schema.insert("$defs".to_owned(), Value::Object(named));
    schema
}
