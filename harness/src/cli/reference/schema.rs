//! JSON Schema as tables: one for the document, and one for each object in it.

use std::fmt::Write as _;

use serde_json::Value;

use super::markdown::{cell, code, table};
use crate::language::pick;

/// Tables of a schema, each under a heading.
pub(super) fn tables(schema: &Value) -> String {
    let mut text = properties(schema);
    for (name, definition) in schema["$defs"].as_object().into_iter().flatten() {
        let keys = properties(definition);
        let values = values(definition);
        let told = definition["description"].as_str().map(|told| cell(told) + "\n\n").unwrap_or_default();
        if !keys.is_empty() || !values.is_empty() {
            // Writing to a String cannot fail.
            let _ = write!(text, "## {name}\n\n{told}{keys}{values}");
        }
    }
    text
}

fn properties(object: &Value) -> String {
    let required: Vec<_> = object["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let row = |(key, property): (&String, &Value)| {
        let must = if required.contains(&key.as_str()) { pick(", нужен", ", needed") } else { "" };
        let told = property["description"].as_str().map(cell).unwrap_or_default();
        vec![code(key), format!("{}{must}", kind(property)), told]
    };
    let rows: Vec<_> = object["properties"].as_object().into_iter().flatten().map(row).collect();
    table(&[pick("ключ", "key"), pick("вид", "form"), pick("что значит", "what it says")], &rows)
}

/// List of the values that a string may have.
fn values(definition: &Value) -> String {
    let variants = definition["oneOf"].as_array().into_iter().flatten();
    let row = |variant: &Value| {
        let words: Vec<_> = words(variant).collect();
        let told = variant["description"].as_str().map(cell).unwrap_or_default();
        (!words.is_empty()).then(|| vec![words.join(", "), told])
    };
    let rows: Vec<_> = variants.filter_map(row).collect();
    if rows.is_empty() {
        let words: Vec<_> = words(definition).collect();
        return if words.is_empty() { String::new() } else { format!("{}\n\n", words.join(", ")) };
    }
    table(&[pick("значение", "value"), pick("что значит", "what it says")], &rows)
}

fn words(schema: &Value) -> impl Iterator<Item = String> {
    let listed = schema["enum"].as_array().into_iter().flatten();
    listed.chain(schema.get("const")).filter_map(Value::as_str).map(code)
}

/// Short description of a value's type; for an object its name.
fn kind(property: &Value) -> String {
    if let Some(reference) = property["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap_or_default();
        return name.to_owned();
    }
    let variants = ["anyOf", "oneOf", "allOf"].iter().find_map(|key| property[*key].as_array());
    if let Some(variants) = variants {
        let kinds: Vec<_> = variants.iter().map(kind).filter(|kind| kind != "null").collect();
        return kinds.join(pick(" или ", " or "));
    }
    let words: Vec<_> = words(property).collect();
    if !words.is_empty() {
        return words.join(pick(" или ", " or "));
    }
    let names: Vec<_> = match &property["type"] {
        Value::Array(names) => names.iter().filter_map(Value::as_str).filter(|name| *name != "null").collect(),
        name => name.as_str().into_iter().collect(),
    };
    let shown = names.iter().map(|name| match *name {
        "string" => pick("текст", "text").to_owned(),
        "integer" | "number" => pick("число", "number").to_owned(),
        "boolean" => pick("да или нет", "yes or no").to_owned(),
        "array" => format!("{} {}", pick("список:", "list of"), kind(&property["items"])),
        "object" if property["additionalProperties"].is_object() => {
            format!("{} {}", pick("по именам:", "by names:"), kind(&property["additionalProperties"]))
        }
        other => other.to_owned(),
    });
    shown.collect::<Vec<_>>().join(pick(" или ", " or "))
}
