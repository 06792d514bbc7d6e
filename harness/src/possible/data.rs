//! Data of a world: texts that every diary shows unchanged, whatever its own words.

use serde_json::Value;

use crate::browser::{has_words, normal};

/// Checks whether a text is a value of the seed, or whole words of one: a name, a class, a subject.
pub(super) fn is_data(seed: &Value, text: &str) -> bool {
    let text = normal(text);
    !text.is_empty() && stands_in(seed, &text)
}

fn stands_in(value: &Value, text: &str) -> bool {
    let is = |own: &str| {
        let own = normal(own);
        own == text || has_words(&own, text)
    };
    match value {
        Value::String(own) => is(own),
        Value::Number(own) => own.to_string() == text,
        Value::Array(items) => items.iter().any(|item| stands_in(item, text)),
        // Descriptions for readers of the seed are on no page.
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| *name != "about" && *name != "title")
            .any(|(name, own)| is(name) || stands_in(own, text)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_subjects_and_classes_are_data_and_words_of_pages_are_not() {
        let seed = json!({ "people": { "нина": { "name": "Орлова Нина Фёдоровна", "about": "видит Оценки" } },
            "classes": { "3В": { "timetable": { "понедельник": ["Чтение", "Русский язык"] } } } });
        for data in ["Орлова Нина Фёдоровна", "Чтение", "3В", "Русский язык"] {
            assert!(is_data(&seed, data), "{data}");
        }
        for words in ["Оценки", "Орлов", "", "Вход"] {
            assert!(!is_data(&seed, words), "{words}");
        }
    }
}
