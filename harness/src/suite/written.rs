//! Scalars as written: YAML reads `class: 11` and `number: 000121` as numbers, although they are texts.

use serde_json::Value;

use super::{places::Places, yaml::written_at};

/// Replaces numbers and booleans by their text in the file where the schema expects a string.
pub(super) fn as_written(document: &mut Value, schema: &Value, places: &Places, text: &str) {
    let mut walk = Walk { root: schema, places, text };
    walk.value(document, &[schema], &mut String::new());
}

struct Walk<'w> {
    root: &'w Value,
    places: &'w Places,
    text: &'w str,
}

impl<'w> Walk<'w> {
    fn value(&mut self, value: &mut Value, schemas: &[&'w Value], path: &mut String) {
        let schemas = self.resolved(schemas);
        match value {
            Value::Object(fields) => {
                for (name, inner) in fields {
                    let of_field = schemas.iter().filter_map(|schema| {
                        schema
                            .pointer("/properties")
                            .and_then(|own| own.get(name))
                            .or(schema.get("additionalProperties"))
                    });
                    let of_field: Vec<_> = of_field.collect();
                    self.step(inner, &of_field, path, name);
                }
            }
            Value::Array(items) => {
                let of_item: Vec<_> = schemas.iter().filter_map(|schema| schema.get("items")).collect();
                for (index, inner) in items.iter_mut().enumerate() {
                    self.step(inner, &of_item, path, &index.to_string());
                }
            }
            Value::Number(_) | Value::Bool(_) if is_text(&schemas, value) => {
                let written = written_at(self.text, self.places.find(path));
                if !written.is_empty() {
                    *value = written.into();
                }
            }
            _ => {}
        }
    }

    fn step(&mut self, inner: &mut Value, schemas: &[&'w Value], path: &mut String, name: &str) {
        let length = path.len();
        path.push('.');
        path.push_str(name);
        self.value(inner, schemas, path);
        path.truncate(length);
    }

    /// Returns the schemas behind references and alternatives.
    fn resolved(&self, schemas: &[&'w Value]) -> Vec<&'w Value> {
        let (mut ahead, mut all) = (schemas.to_vec(), Vec::new());
        while let Some(schema) = ahead.pop() {
            let named = schema.get("$ref").and_then(Value::as_str).and_then(|name| name.strip_prefix('#'));
            ahead.extend(named.and_then(|name| self.root.pointer(name)));
            for kind in ["anyOf", "oneOf", "allOf"] {
                ahead.extend(schema.get(kind).and_then(Value::as_array).into_iter().flatten());
            }
            all.push(schema);
        }
        all
    }
}

/// Checks whether the schemas allow a string here and not the value itself.
fn is_text(schemas: &[&Value], value: &Value) -> bool {
    let types: Vec<_> = schemas
        .iter()
        .flat_map(|schema| match schema.get("type") {
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            one => one.and_then(Value::as_str).into_iter().collect::<Vec<_>>(),
        })
        .collect();
    let own: &[&str] = if value.is_boolean() { &["boolean"] } else { &["integer", "number"] };
    types.contains(&"string") && !types.iter().any(|kind| own.contains(kind))
}
