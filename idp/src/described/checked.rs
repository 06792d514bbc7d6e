//! Comparison of answers of `/rs` with the OpenAPI document, in every test that requests them.

use std::{collections::BTreeMap, sync::LazyLock};

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use super::document::document;

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::to_value(document()).unwrap());

/// Validators, by name of the schema.
static VALIDATORS: LazyLock<BTreeMap<String, jsonschema::Validator>> = LazyLock::new(|| {
    let schemas = DOCUMENT["components"]["schemas"].as_object().unwrap();
    let of = |name: &str| {
        let reference = format!("#/components/schemas/{name}");
        jsonschema::draft202012::new(&json!({ "$ref": reference, "components": DOCUMENT["components"] })).unwrap()
    };
    schemas.keys().map(|name| (name.clone(), of(name))).collect()
});

/// Returns what in a body violates a schema of the document.
pub(super) fn faults(schema: &str, body: &Value) -> Vec<String> {
    let validator = &VALIDATORS[schema];
    validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

/// Returns the address of the document that matches a path: the matching one with the fewest parameters.
fn template(path: &str) -> Option<&'static str> {
    // Real clients send doubled slashes, and one at the end.
    let asked: Vec<_> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let asked = if asked.first() == Some(&"w") { &asked[2..] } else { &asked[..] };
    let is_data = matches!(asked, ["rs", ..]) || matches!(asked, ["esia-rs", "api", "public", _, "prns", ..]);
    let paths = DOCUMENT["paths"].as_object().unwrap().keys().filter(|_| is_data);
    let fits = |known: &&String| {
        let known: Vec<_> = known.split('/').skip(1).collect();
        let is_same = |(known, asked): (&&str, &&str)| known == asked || known.starts_with('{');
        // The newer API has five versions; the document describes one of them.
        let is_version = |(known, asked): (&&str, &&str)| *known == "v4" && asked.starts_with('v');
        known.len() == asked.len() && known.iter().zip(asked).all(|pair| is_same(pair) || is_version(pair))
    };
    paths.filter(fits).min_by_key(|known| known.matches('{').count()).map(String::as_str)
}

/// Returns the difference of an answer from its description; `None` if it matches, or if the document lacks the
/// address.
pub(crate) fn differs(method: &Method, path: &str, status: StatusCode, media_type: &str, body: &str) -> Option<String> {
    let operation = &DOCUMENT["paths"][template(path)?][method.as_str().to_lowercase()];
    if operation.is_null() {
        let is_refused = matches!(status.as_u16(), 404 | 405) || *method == Method::HEAD;
        return (!is_refused).then(|| "the method is not described".to_owned());
    }
    let content = &operation["responses"][status.as_str()]["content"][media_type];
    let Some(schema) = content["schema"]["$ref"].as_str() else {
        let is_described = content.is_object();
        return (!is_described).then(|| format!("{status} {media_type} is not described"));
    };
    let body = serde_json::from_str(body).unwrap();
    let found = faults(schema.rsplit('/').next().unwrap(), &body);
    (!found.is_empty()).then(|| found.join("; "))
}
