//! Patterns of sentences: words, and places in braces.

use cucumber::codegen::Regex;

/// A compiled pattern.
#[derive(Debug)]
pub(super) struct Pattern(Option<Regex>);

/// What may stand in a place. A text may hold one more pair of guillemets.
const PLACES: [(&str, &str); 8] = [
    ("кто", "([А-ЯЁ][а-яё]+)"),
    ("текст", "«((?:[^«»]|«[^«»]*»)*)»"),
    ("путь", "(«[^«»]+»(?: → «[^«»]+»)*)"),
    ("срок", r"(\d+ (?:секунд[ауы]?|минут[ауы]?|час(?:а|ов)?|день|дня|дней|год|года|лет))"),
    ("рабочие дни", r"(\d+ (?:рабочий день|рабочих дня|рабочих дней))"),
    ("число", r"(\d{1,3})"),
    ("год", r"(\d{4})"),
    ("дата", r"(\d{2}\.\d{2}\.\d{4})"),
];

impl Pattern {
    /// Compiles a pattern of the vocabulary. One that does not compile matches nothing, and a test says so.
    pub(super) fn compile(pattern: &str) -> Self {
        let mut regex = String::from("^");
        for (literal, place) in parts(pattern) {
            for character in literal.chars() {
                if !character.is_alphanumeric() && character != ' ' {
                    regex.push('\\');
                }
                regex.push(character);
            }
            regex += PLACES.iter().find(|(name, _)| *name == place).map_or("", |(_, regex)| regex);
        }
        regex.push('$');
        Self(Regex::new(&regex).ok())
    }

    /// The values of its places, if the sentence is said so.
    pub(super) fn read(&self, sentence: &str) -> Option<Vec<String>> {
        let found = self.0.as_ref()?.captures(sentence)?;
        Some(found.iter().skip(1).flatten().map(|value| value.as_str().to_owned()).collect())
    }
}

/// The names of a pattern's places.
pub(super) fn places(pattern: &str) -> impl Iterator<Item = &str> {
    parts(pattern).map(|(_, place)| place).filter(|place| !place.is_empty())
}

fn parts(pattern: &str) -> impl Iterator<Item = (&str, &str)> {
    pattern.split('}').map(|part| part.split_once('{').unwrap_or((part, "")))
}

/// A sentence without what it is said of, to compare how sentences are built.
pub(super) fn outline(sentence: &str) -> String {
    let mut depth = 0;
    let kept = sentence.chars().filter(|character| {
        match character {
            '«' => depth += 1,
            '»' => depth -= 1,
            _ => {}
        }
        depth == 0
    });
    kept.collect()
}
