//! Patterns of sentences: words, and placeholders in braces.

use regex::Regex;

use crate::language::pick;

/// Compiled pattern of a sentence.
#[derive(Debug)]
pub(super) struct Pattern {
    /// Matches sentences whose values all fit their placeholders.
    strict: Option<Regex>,
    /// Matches the same words with any values.
    loose: Option<Regex>,
    places: Vec<&'static Placeholder>,
    /// Longest literal part, without «ё»: a sentence that does not contain it cannot match, which saves the regular
    /// expression.
    words: String,
}

/// Placeholder: kind of value in braces.
#[derive(Debug)]
struct Placeholder {
    name: &'static str,
    regex: &'static str,
    /// Explanation in Russian, with an example.
    what: &'static str,
    what_in_english: &'static str,
}

impl Placeholder {
    fn told(&self) -> &'static str {
        pick(self.what, self.what_in_english)
    }
}

const QUOTED: &str = "«((?:[^«»]|«[^«»]*»)*)»";

/// Kinds of values. A text may contain one more pair of guillemets. Names of people have up to four words, and tabs a
/// number.
const PLACEHOLDERS: [Placeholder; 11] = [
    Placeholder {
        name: "кто",
        regex: r"(\p{L}[\p{L}\p{N}_-]*(?: [\p{L}\p{N}_-]+){0,3}?(?: \(вкладка [2-9]\))?)",
        what: "человек мира, как он назван в people: Анна; он же в другой вкладке: Анна (вкладка 2)",
        what_in_english: "a person of the world, as people names them: Анна; the same in another tab: Анна (вкладка 2)",
    },
    Placeholder {
        name: "текст",
        regex: QUOTED,
        what: "текст в кавычках, не пустой: «Проверено»",
        what_in_english: "a text in quotes, not empty: «Проверено»",
    },
    Placeholder {
        name: "значение",
        regex: QUOTED,
        what: "текст в кавычках, может быть пустым: «»",
        what_in_english: "a text in quotes, may be empty: «»",
    },
    Placeholder {
        name: "путь",
        regex: "(«[^«»]+»(?: → «[^«»]+»)*)",
        what: "ссылки в кавычках через стрелку: «Профиль» → «Согласия и доверенности»",
        what_in_english: "links in quotes with arrows between them: «Профиль» → «Согласия и доверенности»",
    },
    Placeholder {
        name: "срок",
        regex: r"(\d{1,6} (?:секунд[ауы]?|минут[ауы]?|час(?:а|ов)?|день|дня|дней|год|года|лет))",
        what: "число и единица: 30 секунд, 15 минут, 2 часа, 3 дня, 5 лет",
        what_in_english: "a number and a unit: 30 секунд, 15 минут, 2 часа, 3 дня, 5 лет",
    },
    Placeholder {
        name: "рабочие дни",
        regex: r"(\d{1,4} (?:рабочий день|рабочих дня|рабочих дней))",
        what: "1 рабочий день, 5 рабочих дней",
        what_in_english: "working days: 1 рабочий день, 5 рабочих дней",
    },
    Placeholder {
        name: "число", regex: r"(\d{1,3})", what: "число до 999", what_in_english: "a number up to 999"
    },
    Placeholder {
        name: "год",
        regex: r"(\d{4})",
        what: "год четырьмя цифрами: 2023",
        what_in_english: "a year of four digits: 2023",
    },
    Placeholder {
        name: "метод",
        regex: "(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)",
        what: "метод HTTP: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
        what_in_english: "a method of HTTP: GET, POST, PUT, PATCH, DELETE, HEAD, OPTIONS",
    },
    Placeholder {
        name: "дата",
        regex: r"(\d{2}\.\d{2}\.\d{4})",
        what: "день в виде ДД.ММ.ГГГГ: 14.03.2025",
        what_in_english: "a day as DD.MM.YYYY: 14.03.2025",
    },
    Placeholder {
        name: "порядок",
        regex: r"([1-9]{1,999})",
        what: "чей запрос за чьим, как печатает прогон: 1221",
        what_in_english: "whose request comes after whose, as a run prints it: 1221",
    },
];

/// Returns every placeholder with an explanation of its values.
pub(super) fn explained() -> impl Iterator<Item = (&'static str, &'static str)> {
    PLACEHOLDERS.iter().map(|place| (place.name, place.told()))
}

/// Returns the explanation of a placeholder by its name.
pub(super) fn what(name: &str) -> &'static str {
    PLACEHOLDERS.iter().find(|place| place.name == name).map_or("", Placeholder::told)
}

impl Pattern {
    /// Compiles a pattern of the vocabulary. A pattern that does not compile matches nothing; a test checks that all of
    /// them compile.
    pub(super) fn compile(pattern: &str) -> Self {
        let (mut strict, mut loose, mut places) = (String::from("^"), String::from("^"), Vec::new());
        for (literal, place) in parts(pattern) {
            for character in literal.chars() {
                let escaped = match character {
                    'ё' => "[её]".to_owned(),
                    plain if plain.is_alphanumeric() || plain == ' ' => plain.to_string(),
                    sign => format!("\\{sign}"),
                };
                strict.push_str(&escaped);
                loose.push_str(&escaped);
            }
            if let Some(place) = PLACEHOLDERS.iter().find(|known| known.name == place) {
                strict.push_str(place.regex);
                loose.push_str("(.+?)");
                places.push(place);
            }
        }
        let compiled = |regex: String| Regex::new(&(regex + "$")).ok();
        let words = parts(pattern).map(|(literal, _)| literal.trim()).max_by_key(|literal| literal.len());
        let words = words.unwrap_or_default().replace('ё', "е");
        Self { strict: compiled(strict), loose: compiled(loose), places, words }
    }

    /// Returns the values of the placeholders, if the sentence matches.
    pub(super) fn read(&self, sentence: &str) -> Option<Vec<String>> {
        let may_be = sentence.contains(&self.words) || sentence.replace('ё', "е").contains(&self.words);
        values(self.strict.as_ref().filter(|_| may_be)?, sentence)
    }

    /// Returns the first value that does not fit its placeholder, and an explanation of the values that do, if the
    /// words around them match.
    pub(super) fn misfit(&self, sentence: &str) -> Option<(String, &'static str)> {
        let values = values(self.loose.as_ref()?, sentence)?;
        let fits = |place: &Placeholder, value: &str| {
            Regex::new(&format!("^{}$", place.regex)).is_ok_and(|r| r.is_match(value))
        };
        let misfit = self.places.iter().zip(values).find(|(place, value)| !fits(place, value));
        // A text with quotation marks in it belongs to another sentence.
        let told = misfit.filter(|(place, value)| place.regex != QUOTED || !value.contains(['«', '»']));
        told.filter(|(place, _)| place.name != "кто").map(|(place, value)| (value, place.told()))
    }
}

fn values(regex: &Regex, sentence: &str) -> Option<Vec<String>> {
    let found = regex.captures(sentence)?;
    Some(found.iter().skip(1).flatten().map(|value| value.as_str().to_owned()).collect())
}

/// Returns the sentence with a lower-case first letter.
pub(super) fn begun_small(sentence: &str) -> String {
    let mut characters = sentence.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

/// Opening quotation marks that people type, each with its closing marks.
const QUOTES: [(char, &[char]); 5] =
    [('"', &['"']), ('„', &['“', '”', '"']), ('“', &['”']), ('”', &['”']), ('\'', &['\''])];

/// Returns a sentence in the form of the patterns, without the full stop or the colon before a table. Text in
/// guillemets stays unchanged.
pub(super) fn canonical(sentence: &str) -> String {
    let sentence = worlds::text::normal(sentence);
    let (mut text, mut depth, mut closes) = (String::new(), 0_usize, None::<&[char]>);
    for character in sentence.chars() {
        let opened = QUOTES.iter().find(|(open, _)| *open == character).map(|(_, close)| *close);
        match (closes, character) {
            (Some(close), c) if depth == 1 && close.contains(&c) => {
                (closes, depth) = (None, 0);
                text.push('»');
            }
            (None, _) if depth == 0 && opened.is_some() => {
                (closes, depth) = (opened, 1);
                text.push('«');
            }
            (_, c) => {
                depth = match c {
                    '«' => depth + 1,
                    '»' => depth.saturating_sub(1),
                    _ => depth,
                };
                text.push(c);
            }
        }
    }
    if depth > 0 {
        return sentence;
    }
    let text = text.replace("» -> «", "» → «");
    let ends = text.ends_with(':') || text.ends_with('.') && !text.ends_with("..");
    if ends { text.trim_end_matches(['.', ':']).trim_end().to_owned() } else { text }
}

/// Returns the names of a pattern's placeholders.
pub(super) fn places(pattern: &str) -> impl Iterator<Item = &str> {
    parts(pattern).map(|(_, place)| place).filter(|place| !place.is_empty())
}

fn parts(pattern: &str) -> impl Iterator<Item = (&str, &str)> {
    pattern.split('}').map(|part| part.split_once('{').unwrap_or((part, "")))
}

/// Returns the length of a pattern's words outside of placeholders, in bytes.
pub(super) fn own_words(pattern: &str) -> usize {
    parts(pattern).map(|(literal, _)| literal.len()).sum()
}

/// Returns a sentence without the texts in guillemets, to compare the structure of sentences.
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
