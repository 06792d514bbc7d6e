//! A request of the journal as a person reads it: what failed, how to mend it, the evidence; then what passed.

use worlds::{
    Check, Detail, Entry, Outcome, detail_name,
    mistakes::{find, split},
};

use crate::{
    ReaderLanguage,
    compare::{TextDifference, compare},
    visible,
};

/// Longest value that stands on a page as it is, characters.
const SHORT: usize = 160;
/// What is left of a longer one at its beginning and at its end, characters.
const ENDS: (usize, usize) = (72, 24);
/// Details whose texts are compared: what should be signed, and what is.
const PAIR: (&str, &str) = ("Нужно подписать", "На самом деле подписано");

/// A value, shortened where it is long.
pub(super) struct Value {
    pub(super) name: String,
    pub(super) shown: String,
    /// The whole, where `shown` is not.
    pub(super) whole: Option<String>,
    /// Its length, characters.
    pub(super) length: usize,
    /// It is an address of the console.
    pub(super) is_link: bool,
}

impl Value {
    pub(super) fn of(name: &str, text: &str) -> Self {
        let length = text.chars().count();
        let is_link = text.starts_with("/control/console/");
        let (shown, whole) = if length <= SHORT {
            (visible_lines(text), None)
        } else {
            let start: String = text.chars().take(ENDS.0).collect();
            let end: String = text.chars().skip(length - ENDS.1).collect();
            (format!("{}…{}", visible_lines(&start), visible_lines(&end)), Some(text.to_owned()))
        };
        Self { name: name.to_owned(), shown, whole, length, is_link }
    }
}

/// Invisible characters shown, lines kept.
fn visible_lines(text: &str) -> String {
    let lines = text.split('\n').map(|line| if line.ends_with('\r') { visible(line) } else { visible_inside(line) });
    lines.collect::<Vec<_>>().join("\n")
}

/// As [`visible`], but blanks at the ends of prose stay.
fn visible_inside(line: &str) -> String {
    let inner = line.trim_matches(' ');
    line.replacen(inner, &visible(inner), usize::from(!inner.is_empty()))
}

/// One mistake in words.
pub(super) struct Named {
    /// As it stands in the line, `slip-missing=state`.
    pub(super) name: String,
    /// Its section in the reference of mistakes.
    pub(super) id: &'static str,
    pub(super) cause: String,
    pub(super) remedy: String,
}

/// A check that failed or was tolerated.
pub(super) struct Wrong {
    pub(super) is_tolerated: bool,
    pub(super) rule: String,
    pub(super) source: String,
    pub(super) error: Option<String>,
    pub(super) mistakes: Vec<Named>,
    pub(super) expected: Value,
    pub(super) got: Value,
    pub(super) compared: Option<TextDifference>,
    pub(super) details: Vec<Value>,
}

impl Wrong {
    fn of(check: &Check, reads: ReaderLanguage) -> Self {
        let check = check.clone().told_in(reads.0);
        let named = |name: &str| {
            let found = find(name)?;
            let (_, value) = split(name);
            let value = value.map(|value| visible(&value));
            let told = |text: &worlds::mistakes::Text| text.told(reads.0, value.as_deref());
            Some(Named { name: name.to_owned(), id: found.id, cause: told(&found.cause), remedy: told(&found.remedy) })
        };
        let text = |name: &str| {
            let name = detail_name(name, reads.0);
            check.details.iter().find(|detail| detail.name == name).map(|detail| &*detail.text)
        };
        let detail = |detail: &Detail| Value::of(&detail.name, &detail.text);
        Self {
            is_tolerated: check.outcome == Outcome::Tolerated,
            rule: check.rule.clone(),
            source: check.source.clone(),
            error: check.error.clone(),
            mistakes: check.names().into_iter().filter_map(named).collect(),
            expected: Value::of(reads.t("Ожидалось", "Expected"), &check.expected),
            got: Value::of(reads.t("Получено", "Got"), &check.got),
            compared: text(PAIR.0).zip(text(PAIR.1)).and_then(|(expected, got)| compare(expected, got)),
            details: check.details.iter().map(detail).collect(),
        }
    }

    /// The one sentence at the top.
    pub(super) fn sentence(&self) -> &str {
        self.mistakes.first().map_or(self.got.shown.as_str(), |named| named.cause.as_str())
    }
}

/// What failed first, then what was tolerated.
pub(super) fn wrong(entry: &Entry, reads: ReaderLanguage) -> Vec<Wrong> {
    let of = |outcome| entry.verdict.iter().filter(move |check| check.outcome == outcome);
    of(Outcome::Failed).chain(of(Outcome::Tolerated)).map(|check| Wrong::of(check, reads)).collect()
}

/// Parameters of query and form, in order.
pub(super) fn parameters(entry: &Entry) -> Vec<Value> {
    let query = entry.target.split_once('?').map_or("", |(_, query)| query);
    let is_form = entry.header("content-type").is_none_or(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let body = if is_form { entry.request.body.as_str() } else { "" };
    let pairs = [query, body].into_iter().flat_map(|text| url::form_urlencoded::parse(text.as_bytes()));
    pairs.map(|(name, value)| Value::of(&name, &value)).collect()
}

/// Headers that a client's library or the connection adds by itself.
const OWN: [&str; 7] =
    ["host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding", "te"];

/// The command that repeats a request.
pub(super) fn curl(entry: &Entry, url: &str) -> String {
    let mut command = vec![format!("curl -i -X {} {}", entry.method, quoted(url))];
    let headers = entry.request.headers.iter();
    let own = |name: &str| OWN.contains(&name) || name.starts_with("sec-");
    command.extend(
        headers
            .filter(|(name, _)| !own(name))
            .map(|(name, value)| format!("-H {}", quoted(&format!("{name}: {value}")))),
    );
    if !entry.request.body.is_empty() {
        command.push(format!("--data-raw {}", quoted(&entry.request.body)));
    }
    command.join(" \\\n  ")
}

/// For a POSIX shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shell_reads_back_what_was_quoted() {
        for text in ["a b&c", "it's", "$HOME `id` \\ \"", "два\nслова", "'"] {
            let said = std::process::Command::new("sh").args(["-c", &format!("printf %s {}", quoted(text))]).output();
            assert_eq!(String::from_utf8_lossy(&said.unwrap().stdout), text);
        }
    }

    #[test]
    fn long_values_are_shortened_and_kept_whole() {
        let value = Value::of("code", &"x".repeat(1244));
        assert_eq!((value.length, value.whole.as_deref().map(str::len)), (1244, Some(1244)));
        assert!(value.shown.chars().count() < 100 && value.shown.contains('…'));
        assert_eq!(Value::of("client_id", "KLIENT\r\n").shown, "KLIENT␍\n");
        assert_eq!(Value::of("a", "b").whole, None);
    }
}
