//! Mistakes in the way a value is written: quotation marks, a second encoding, blanks, another case, an unfilled
//! placeholder.

use url::form_urlencoded::parse;
use worlds::mistakes::named;

/// Name of a mistake, and a function that undoes it.
type Peel = (&'static str, fn(&str) -> Option<String>);

const PEELS: [Peel; 3] =
    [("parameter-blanks", trimmed), ("parameter-quoted", unquoted), ("parameter-encoded-twice", plain)];

/// Texts that an unset variable or a template turns into.
const PLACEHOLDERS: [&str; 9] =
    ["undefined", "null", "None", "nil", "NaN", "[object Object]", "true", "false", "YOUR_CLIENT_ID"];

/// Whether a value is a word for nothing.
pub(crate) fn is_placeholder(text: &str) -> bool {
    PLACEHOLDERS.contains(&text)
}

/// Removes blanks, line ends and invisible characters at both ends; `None` if there are none.
pub(crate) fn trimmed(text: &str) -> Option<String> {
    let is_blank = |sign: char| sign.is_whitespace() || matches!(sign, '\u{feff}' | '\u{200b}' | '\0');
    Some(text.trim_matches(is_blank)).filter(|inner| *inner != text).map(str::to_owned)
}

/// Removes the quotation marks around a text; `None` if there are none.
pub(crate) fn unquoted(text: &str) -> Option<String> {
    let pairs = [('"', '"'), ('\'', '\''), ('«', '»'), ('“', '”'), ('`', '`')];
    let inner = pairs.iter().find_map(|(open, close)| text.strip_prefix(*open)?.strip_suffix(*close));
    inner.map(str::to_owned)
}

/// Decodes one more URL encoding; `None` if there is none.
pub(crate) fn plain(text: &str) -> Option<String> {
    if !text.contains('%') {
        return None;
    }
    let pair = format!("={}", text.replace('&', "%26"));
    let plain = parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned())?;
    Some(plain).filter(|plain| plain != text && !plain.contains(char::REPLACEMENT_CHARACTER))
}

/// Names the mistake that turns a `right` value of a parameter into this text; `None` if no known mistake does.
pub(crate) fn slip(name: &str, text: &str, right: impl Fn(&str) -> bool) -> Option<String> {
    if is_placeholder(text) {
        return Some(named("parameter-placeholder", name));
    }
    for (id, peel) in PEELS {
        let Some(inner) = peel(text) else { continue };
        if right(&inner) || PEELS.iter().any(|(_, peel)| peel(&inner).is_some_and(|inner| right(&inner))) {
            return Some(named(id, name));
        }
    }
    let is_another_case = [text.to_lowercase(), text.to_uppercase()].iter().any(|other| right(other));
    is_another_case.then(|| named("parameter-case", name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_value_was_meant_to_be_is_found() {
        let check = |text: &str, expected: Option<&str>| {
            let found = slip("access_type", text, |text| matches!(text, "online" | "offline"));
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check("Online", Some("parameter-case=access_type"));
        check("OFFLINE", Some("parameter-case=access_type"));
        check(" online", Some("parameter-blanks=access_type"));
        check("online\r\n", Some("parameter-blanks=access_type"));
        check("\u{feff}online", Some("parameter-blanks=access_type"));
        check("\"online\"", Some("parameter-quoted=access_type"));
        check(" \"online\"", Some("parameter-blanks=access_type"));
        check("%6Fnline", Some("parameter-encoded-twice=access_type"));
        check("undefined", Some("parameter-placeholder=access_type"));
        check("forever", None);
    }
}
