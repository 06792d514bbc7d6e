//! Diagnostics of a YAML document's form in the language of the run, with hints.

use gherkin::LineCol;
use serde_saphyr::Error;

use super::{
    Diagnostic, File, nearest,
    places::{START, place},
};
use crate::language::{pick, tr};

/// Checks whether an error is one of YAML syntax rather than of the document's shape.
pub(super) fn is_of_syntax(error: &Error) -> bool {
    let text = words(error);
    SYNTAX.iter().any(|known| text.contains(known.part)) || text.starts_with("while ")
}

/// Diagnostic of a mistake of form, at its place.
pub(crate) fn told(file: &File, error: &Error) -> Diagnostic {
    let at = error.location().map_or(START, place);
    in_words(file, at, &words(error))
}

fn words(error: &Error) -> String {
    let text = error.without_snippet().to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Message of the parser or of serde, with its translation.
struct Message {
    /// Part of the original message that identifies it.
    part: &'static str,
    russian: &'static str,
    english: &'static str,
}

/// Messages of the YAML parser, by a part of them.
const SYNTAX: [Message; 13] = [
    Message {
        part: "tab",
        russian: "здесь знак табуляции: в YAML отступают пробелами",
        english: "there is a tab here: YAML is indented by spaces",
    },
    Message {
        part: "did not find expected ',' or",
        russian: "список или словарь в скобках не закрыт, или между частями нет запятой",
        english: "a list or mapping in brackets is not closed, or a comma is missing between its parts",
    },
    Message {
        part: "mapping values are not allowed",
        russian: "двоеточие здесь не на месте: текст с «: » берут в кавычки",
        english: "a colon out of place: a text with \": \" is written in quotes",
    },
    Message {
        part: "did not find expected key",
        russian: "здесь нужно имя поля: проверьте отступ этой строки и строки перед ней",
        english: "the name of a field is needed here: look at the indentation of this line and the one before it",
    },
    Message {
        part: "did not find expected '-' indicator",
        russian: "здесь нужен «-»: проверьте отступ этой строки",
        english: "\"-\" is needed here: look at the indentation of this line",
    },
    Message {
        part: "could not find expected ':'",
        russian: "после имени поля нужно двоеточие с пробелом",
        english: "a colon and a space are needed after the name of a field",
    },
    Message {
        part: "did not find expected <document start>",
        russian: "здесь ничего больше не может быть: проверьте отступ этой строки",
        english: "there can be nothing more here: look at the indentation of this line",
    },
    Message {
        part: "simple key",
        russian: "после имени поля нужно двоеточие с пробелом",
        english: "a colon and a space are needed after the name of a field",
    },
    Message {
        part: "quoted scalar",
        russian: "кавычка открыта и не закрыта",
        english: "a quote is opened and not closed",
    },
    Message {
        part: "block scalar",
        russian: "у текста после «|» или «>» неверный отступ",
        english: "the text after \"|\" or \">\" has a wrong indentation",
    },
    Message { part: "indent", russian: "неверный отступ", english: "wrong indentation" },
    Message {
        part: "multiple documents",
        russian: "в файле несколько документов через «---»: нужен один",
        english: "the file has several documents separated by \"---\": one is needed",
    },
    Message {
        part: "end of input", russian: "файл кончился раньше, чем нужно", english: "the file ends too early"
    },
];

/// Messages about values, by a part of them.
const VALUES: [Message; 12] = [
    Message {
        part: "expected string scalar", russian: "здесь нужен текст", english: "a text is needed here"
    },
    Message {
        part: "expected a string", russian: "здесь нужен текст", english: "a text is needed here"
    },
    Message {
        part: "expected sequence",
        russian: "здесь нужен список: строки с «- » или […]",
        english: "a list is needed here: lines with \"- \", or […]",
    },
    Message {
        part: "expected mapping",
        russian: "здесь нужны поля «имя: значение»",
        english: "fields \"name: value\" are needed here",
    },
    Message {
        part: "invalid type: null",
        russian: "здесь пусто, а нужно значение",
        english: "a value is needed here, and it is empty",
    },
    Message {
        part: "invalid type: map",
        russian: "здесь нужно одно значение, а не поля",
        english: "one value is needed here, not fields",
    },
    Message {
        part: "invalid type: sequence",
        russian: "здесь нужно одно значение, а не список",
        english: "one value is needed here, not a list",
    },
    Message {
        part: "expected a map",
        russian: "здесь нужны поля «имя: значение»",
        english: "fields \"name: value\" are needed here",
    },
    Message {
        part: "expected struct",
        russian: "здесь нужны поля «имя: значение»",
        english: "fields \"name: value\" are needed here",
    },
    Message {
        part: "expected a sequence",
        russian: "здесь нужен список: строки с «- » или […]",
        english: "a list is needed here: lines with \"- \", or […]",
    },
    Message {
        part: "expected a boolean",
        russian: "здесь нужно true или false",
        english: "true or false is needed here",
    },
    Message {
        part: "invalid bool", russian: "здесь нужно true или false", english: "true or false is needed here"
    },
];

/// Messages of the parser of days and instants.
const DAYS: [&str; 4] = ["invalid characters", "premature end of input", "out of range", "trailing input"];

/// Translates a message of the parser or of serde into the language of the run and adds hints.
pub(super) fn in_words(file: &File, at: LineCol, text: &str) -> Diagnostic {
    let told = |message: String| Diagnostic::at(&file.name, at, message);
    if let Some((field, known)) = strange(text, "unknown field `") {
        return told(tr!("поля «{field}» здесь не бывает", "there is no field \"{field}\" here"))
            .or(meant(field, &known));
    }
    if let Some((value, known)) = strange(text, "unknown variant `") {
        return told(tr!("значения «{value}» здесь не бывает", "there is no value \"{value}\" here"))
            .or(meant(value, &known));
    }
    if let Some((field, _)) = strange(text, "missing field `") {
        return told(tr!("не хватает поля «{field}»", "the field \"{field}\" is missing"));
    }
    if let Some((_, rest)) = text.split_once("duplicate ")
        && (text.contains("key") || text.contains("field"))
    {
        let name = rest.split([':', '`', '\'', '"', ',']).map(str::trim).filter(|part| !part.is_empty()).nth(1);
        let name = name.unwrap_or_default();
        return told(tr!("поле «{name}» записано дважды", "the field \"{name}\" is written twice"));
    }
    if text.chars().any(|c| matches!(c, 'а'..='я')) {
        return told(text.to_owned());
    }
    let written = written_at(&file.text, at);
    if DAYS.iter().any(|part| text.contains(part)) {
        return told(day(&written));
    }
    if let Some(known) = SYNTAX.iter().chain(&VALUES).find(|known| text.contains(known.part)) {
        return told(pick(known.russian, known.english).to_owned());
    }
    if ["integer", "number", "u8", "u16", "u32", "u64", "i64", "float"].iter().any(|kind| text.contains(kind)) {
        return told(tr!(
            "здесь нужно число, а написано «{written}»",
            "a number is needed here, and \"{written}\" is written"
        ));
    }
    told(tr!("не читается: «{written}» ({text})", "cannot be read: \"{written}\" ({text})"))
}

/// Says that a day or an instant has the wrong format, with the correct form of a day like `9.05.1955`.
fn day(written: &str) -> String {
    let parts: Vec<_> = written.split('.').collect();
    let instead = match parts.as_slice() {
        [day, month, year] if year.len() == 4 && day.len() <= 2 && month.len() <= 2 => {
            tr!("; может быть: {year}-{month:0>2}-{day:0>2}", "; perhaps: {year}-{month:0>2}-{day:0>2}")
        }
        _ => String::new(),
    };
    tr!(
        "«{written}» — не дата: день пишут как 1955-05-09, время как 2024-09-02T09:00:00+03:00{instead}",
        "\"{written}\" is no date: a day is written as 1955-05-09, a time as 2024-09-02T09:00:00+03:00{instead}"
    )
}

/// Returns the scalar that begins at a place in the text.
pub(super) fn written_at(text: &str, at: LineCol) -> String {
    let line = text.lines().nth(at.line.saturating_sub(1)).unwrap_or_default();
    let rest: String = line.chars().skip(at.col.saturating_sub(1)).collect();
    let rest = rest.split(" #").next().unwrap_or_default();
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
    let value = match quote {
        Some(quote) => rest.get(1..).and_then(|rest| rest.split(quote).next()),
        None => rest.split([',', '}', ']']).next(),
    };
    value.unwrap_or_default().trim().to_owned()
}

/// Splits a message of serde into the wrong name and the names that it expects.
fn strange<'t>(text: &'t str, beginning: &str) -> Option<(&'t str, Vec<&'t str>)> {
    let (_, rest) = text.split_once(beginning)?;
    let (name, rest) = rest.split_once('`')?;
    let known = rest.trim_start_matches(", expected ").trim_start_matches("one of ").split(", ");
    let known = known.flat_map(|names| names.split(" or "));
    Some((name, known.map(|name| name.trim_matches('`')).filter(|name| !name.is_empty()).collect()))
}

/// Returns the nearest known name, or else all known names.
fn meant(written: &str, known: &[&str]) -> Option<String> {
    let near = nearest(written, known.iter().copied()).map(str::to_owned);
    near.or_else(|| (!known.is_empty()).then(|| known.join(", ")))
}
