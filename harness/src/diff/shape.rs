//! Shape of JSON: names and types of values, without the values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// Maximum depth to which a document is compared.
const DEPTH: usize = 6;

/// Facts of an exchange by name.
pub(super) type Facts = BTreeMap<String, String>;

/// Adds the type of each value of a document, with the document's name as prefix.
pub(super) fn shape(facts: &mut Facts, name: &str, value: &Value) {
    add(facts, name, value, DEPTH);
}

fn add(facts: &mut Facts, name: &str, value: &Value, left: usize) {
    match value {
        Value::Object(fields) if left > 0 => {
            for (field, value) in fields {
                add(facts, &format!("{name}.{field}"), value, left - 1);
            }
        }
        Value::Array(items) => {
            let kinds: BTreeSet<_> = items.iter().map(kind).collect();
            let kinds = kinds.into_iter().collect::<Vec<_>>().join("|");
            facts.insert(name.to_owned(), format!("array of {}", if kinds.is_empty() { "nothing" } else { &kinds }));
            for item in items.iter().filter(|item| item.is_object()) {
                add(facts, &format!("{name}[]"), item, left.saturating_sub(1));
            }
        }
        other => {
            facts.insert(name.to_owned(), kind(other).to_owned());
        }
    }
}

/// Returns the type of a value; for a string also its format.
pub(super) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(number) if number.is_f64() => "fraction",
        Value::Number(_) => "number",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
        Value::String(text) => of_text(text),
    }
}

fn of_text(text: &str) -> &'static str {
    let digits_and = |sign: char| !text.is_empty() && text.chars().all(|own| own.is_ascii_digit() || own == sign);
    if text.starts_with("http://") || text.starts_with("https://") {
        "link"
    } else if text.len() == 10 && digits_and('-') && text.matches('-').count() == 2 {
        "date YYYY-MM-DD"
    } else if text.len() == 10 && digits_and('.') && text.matches('.').count() == 2 {
        "date DD.MM.YYYY"
    } else if digits_and('0') {
        "string of digits"
    } else {
        "string"
    }
}
