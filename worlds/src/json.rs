//! JSON read into types, with the path of what is wrong.
//!
//! The path is found in the text after a reading has failed. A reader that keeps the path at every step
//! (`serde_path_to_error`) is one more copy of the reading of every type of the program: a quarter of its building.

use serde::de::DeserializeOwned;

/// Why JSON cannot be read as what it is meant to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", told(path, reason))]
pub struct JsonError {
    /// Where, as `people.anna.phones[1]`; empty for the whole.
    pub path: String,
    /// What is wrong, in the words of `serde_json` or of the type.
    pub reason: String,
}

fn told(path: &str, reason: &str) -> String {
    if path.is_empty() { reason.to_owned() } else { format!("{path}: {reason}") }
}

/// Reads a value of a type.
///
/// # Errors
/// What is no JSON, or not the JSON that is expected.
pub fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, JsonError> {
    let read = |text: &str| serde_json::from_str::<T>(text);
    read(text).map_err(|error| {
        let (reason, at) = (reason(&error), offset(text, error.line(), error.column()));
        let (open, last) = walk(text, at);
        // A value that is read and does not please is told where the object is closed when it is the last one in it: it is the
        // one at fault if the object without it is refused for something else.
        let field = last.filter(|field| {
            if reason.starts_with("missing field ") {
                return false;
            }
            let without = [&text[..field.from], &text[at - 1..]].concat();
            read(&without).map_err(|error| self::reason(&error)).err().as_ref() != Some(&reason)
        });
        let steps = open.iter().filter_map(Open::step).chain(field.map(|field| format!(".{}", field.name)));
        let path = steps.collect::<String>().trim_start_matches('.').to_owned();
        JsonError { path, reason }
    })
}

/// The words of an error without its line and column: the path says where.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(reason, _)| reason).to_owned()
}

/// How many bytes of a text come before a line and column as `serde_json` counts them.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column).min(text.len())
}

/// A list or an object that is not closed yet.
enum Open {
    /// The element that is being read.
    List(usize),
    /// The field that is being read; none before its name.
    Object(Option<Field>),
}

/// A field of an object.
struct Field {
    name: String,
    /// Where it begins, with the comma before it.
    from: usize,
}

impl Open {
    fn step(&self) -> Option<String> {
        match self {
            Self::List(index) => Some(format!("[{index}]")),
            Self::Object(field) => field.as_ref().map(|field| format!(".{}", field.name)),
        }
    }
}

/// What is open after some bytes of a text, and, where the last of them closes an object, the last field in it.
fn walk(text: &str, offset: usize) -> (Vec<Open>, Option<Field>) {
    let (mut open, mut last, mut at, mut comma) = (Vec::new(), None, 0, None);
    while at < offset {
        let rest = &text[at..];
        last = None;
        match rest.as_bytes()[0] {
            b'{' => open.push(Open::Object(None)),
            b'[' => open.push(Open::List(0)),
            b']' => drop(open.pop()),
            b'}' => {
                if let Some(Open::Object(field)) = open.pop() {
                    last = field;
                }
            }
            b',' => match open.last_mut() {
                Some(Open::List(index)) => *index += 1,
                Some(Open::Object(field)) => (*field, comma) = (None, Some(at)),
                None => {}
            },
            b'"' => {
                let end = end_of_text(rest);
                if let Some(Open::Object(field @ None)) = open.last_mut()
                    && let Ok(name) = serde_json::from_str(&rest[..end])
                {
                    *field = Some(Field { name, from: comma.take().unwrap_or(at) });
                }
                at += end;
                continue;
            }
            _ => {}
        }
        at += rest.chars().next().map_or(1, char::len_utf8);
    }
    (open, last)
}

/// Where a text that begins with a quotation mark ends: behind its last one.
fn end_of_text(quoted: &str) -> usize {
    let mut is_escaped = false;
    for (at, byte) in quoted.bytes().enumerate().skip(1) {
        match byte {
            b'"' if !is_escaped => return at + 1,
            b'\\' => is_escaped = !is_escaped,
            _ => is_escaped = false,
        }
    }
    quoted.len()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(try_from = "String")]
    struct Word;

    impl TryFrom<String> for Word {
        type Error = &'static str;

        fn try_from(text: String) -> Result<Self, &'static str> {
            if text.is_empty() { Err("a name is a word") } else { Ok(Self) }
        }
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Typed {
        #[expect(dead_code, reason = "read only")]
        name: Word,
        #[serde(default)]
        phones: Vec<u64>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(try_from = "Typed")]
    struct Person(#[expect(dead_code, reason = "read only")] usize);

    impl TryFrom<Typed> for Person {
        type Error = &'static str;

        fn try_from(typed: Typed) -> Result<Self, &'static str> {
            if typed.phones.len() > 2 { Err("nobody has so many phones") } else { Ok(Self(typed.phones.len())) }
        }
    }

    fn wrong(text: &str) -> String {
        from_json::<BTreeMap<String, Person>>(text).unwrap_err().to_string()
    }

    #[test]
    fn a_mistake_is_told_at_its_path() {
        assert_eq!(wrong(r#"{"a":{"name":5}}"#), "a.name: invalid type: integer `5`, expected a string");
        assert_eq!(
            wrong(r#"{"a":{"name":"b"},"ё\"}":{"name":"b","phones":[1,{}]}}"#),
            "ё\"}.phones[1]: invalid type: map, expected u64"
        );
        assert_eq!(
            wrong("{\"a\":{\"name\":\"b\"},\n\"c\":{\"nam\":\"b\"}}"),
            "c.nam: unknown field `nam`, expected `name` or `phones`"
        );
        assert_eq!(wrong(r#"{"a":{"phones":[]},"c":{}}"#), "a: missing field `name`");
        assert_eq!(wrong(r#"{"a":{"phones":[],"name":""}}"#), "a.name: a name is a word");
        assert_eq!(wrong(r#"{"a":{"name":"","phones":[]}}"#), "a.name: a name is a word");
        assert_eq!(wrong(r#"{"a":{"name":"b","phones":[1,2,3]}}"#), "a: nobody has so many phones");
        assert_eq!(wrong("[]"), "invalid type: sequence, expected a map");
        assert_eq!(wrong(r#"{"a":"#), "a: EOF while parsing a value");
    }
}
