//! What is wrong with a YAML document, in Russian, with what may have been meant.

use serde_saphyr::Error;

use super::{Diagnostic, File, nearest, places::place};

/// Whether a document is no YAML at all, rather than one of another shape.
pub(super) fn is_of_syntax(error: &Error) -> bool {
    let text = words(error);
    SYNTAX.iter().any(|(part, _)| text.contains(part)) || text.starts_with("while ")
}

/// A mistake of form, at its place.
pub(crate) fn told(file: &File, error: &Error) -> Diagnostic {
    let at = error.location().map_or((1, 1), place);
    in_words(file, at, &words(error))
}

fn words(error: &Error) -> String {
    let text = error.without_snippet().to_string();
    text.split(" at line ").next().unwrap_or_default().to_owned()
}

/// Messages of the parser by a part of them.
const SYNTAX: [(&str, &str); 13] = [
    ("tab", "здесь знак табуляции: в YAML отступают пробелами"),
    ("did not find expected ',' or", "список или словарь в скобках не закрыт, или между частями нет запятой"),
    ("mapping values are not allowed", "двоеточие здесь не на месте: текст с «: » берут в кавычки"),
    ("did not find expected key", "здесь нужно имя поля: проверьте отступ этой строки и строки перед ней"),
    ("did not find expected '-' indicator", "здесь нужен «-»: проверьте отступ этой строки"),
    ("could not find expected ':'", "после имени поля нужно двоеточие с пробелом"),
    ("did not find expected <document start>", "здесь ничего больше не может быть: проверьте отступ этой строки"),
    ("simple key", "после имени поля нужно двоеточие с пробелом"),
    ("quoted scalar", "кавычка открыта и не закрыта"),
    ("block scalar", "у текста после «|» или «>» неверный отступ"),
    ("indent", "неверный отступ"),
    ("multiple documents", "в файле несколько документов через «---»: нужен один"),
    ("end of input", "файл кончился раньше, чем нужно"),
];

/// Messages about values by a part of them.
const VALUES: [(&str, &str); 11] = [
    ("expected string scalar", "здесь нужен текст"),
    ("expected sequence", "здесь нужен список: строки с «- » или […]"),
    ("expected mapping", "здесь нужны поля «имя: значение»"),
    ("invalid type: null", "здесь пусто, а нужно значение"),
    ("invalid type: map", "здесь нужно одно значение, а не поля"),
    ("invalid type: sequence", "здесь нужно одно значение, а не список"),
    ("expected a map", "здесь нужны поля «имя: значение»"),
    ("expected struct", "здесь нужны поля «имя: значение»"),
    ("expected a sequence", "здесь нужен список: строки с «- » или […]"),
    ("expected a boolean", "здесь нужно true или false"),
    ("invalid bool", "здесь нужно true или false"),
];

/// Messages of the reader of days and instants.
const DAYS: [&str; 4] = ["invalid characters", "premature end of input", "out of range", "trailing input"];

/// A message of the parser or of serde, in Russian, with what may have been meant.
pub(super) fn in_words(file: &File, at: (usize, usize), text: &str) -> Diagnostic {
    let told = |message: String| Diagnostic::at(&file.name, at, message);
    if let Some((field, known)) = strange(text, "unknown field `") {
        return told(format!("поля «{field}» здесь не бывает")).or(meant(field, &known));
    }
    if let Some((value, known)) = strange(text, "unknown variant `") {
        return told(format!("значения «{value}» здесь не бывает")).or(meant(value, &known));
    }
    if let Some((field, _)) = strange(text, "missing field `") {
        return told(format!("не хватает поля «{field}»"));
    }
    if let Some((_, rest)) = text.split_once("duplicate ")
        && (text.contains("key") || text.contains("field"))
    {
        let name = rest.split([':', '`', '\'', '"', ',']).map(str::trim).filter(|part| !part.is_empty()).nth(1);
        return told(format!("поле «{}» записано дважды", name.unwrap_or_default()));
    }
    if text.chars().any(|c| matches!(c, 'а'..='я')) {
        return told(text.to_owned());
    }
    let written = written_at(&file.text, at);
    if DAYS.iter().any(|part| text.contains(part)) {
        return told(day(&written));
    }
    let known = SYNTAX.iter().chain(&VALUES).find(|(part, _)| text.contains(part));
    if let Some((_, russian)) = known {
        return told((*russian).to_owned());
    }
    if ["integer", "number", "u8", "u16", "u32", "u64", "i64", "float"].iter().any(|kind| text.contains(kind)) {
        return told(format!("здесь нужно число, а написано «{written}»"));
    }
    told(format!("не читается: «{written}» ({text})"))
}

/// A day or an instant that is written otherwise.
fn day(written: &str) -> String {
    let parts: Vec<_> = written.split('.').collect();
    let instead = match parts.as_slice() {
        [day, month, year] if year.len() == 4 && day.len() <= 2 && month.len() <= 2 => {
            format!("; может быть: {year}-{month:0>2}-{day:0>2}")
        }
        _ => String::new(),
    };
    format!("«{written}» — не дата: день пишут как 1955-05-09, время как 2024-09-02T09:00:00+03:00{instead}")
}

/// The value that begins at a place.
pub(super) fn written_at(text: &str, (line, column): (usize, usize)) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    let rest: String = line.chars().skip(column.saturating_sub(1)).collect();
    let rest = rest.split(" #").next().unwrap_or_default();
    let quote = rest.chars().next().filter(|first| matches!(first, '"' | '\''));
    let value = match quote {
        Some(quote) => rest.get(1..).and_then(|rest| rest.split(quote).next()),
        None => rest.split([',', '}', ']']).next(),
    };
    value.unwrap_or_default().trim().to_owned()
}

/// The name at fault and those that there are, of a message as serde writes it.
fn strange<'t>(text: &'t str, beginning: &str) -> Option<(&'t str, Vec<&'t str>)> {
    let (_, rest) = text.split_once(beginning)?;
    let (name, rest) = rest.split_once('`')?;
    let known = rest.trim_start_matches(", expected ").trim_start_matches("one of ").split(", ");
    Some((name, known.map(|name| name.trim_matches('`')).filter(|name| !name.is_empty()).collect()))
}

/// The nearest name, or else all of them.
fn meant(written: &str, known: &[&str]) -> Option<String> {
    let near = nearest(written, known.iter().copied()).map(str::to_owned);
    near.or_else(|| (!known.is_empty()).then(|| known.join(", ")))
}
