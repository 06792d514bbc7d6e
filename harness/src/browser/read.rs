//! Visible text of a page, comparisons with it, and the most similar texts.

use std::collections::BTreeSet;

use crate::{
    language::{pick, tr},
    words::cut,
};
use scraper::{ElementRef, Node};
pub use worlds::text::normal;
use worlds::text::{in_cyrillic, strangers};

/// Elements that begin and end a line.
const BLOCKS: [&str; 34] = [
    "address", "article", "aside", "body", "br", "button", "dd", "details", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "header", "hr", "label", "legend", "li", "main", "nav", "ol", "option", "p",
    "section", "summary", "table", "td", "tr", "ul",
];

/// Maximum number of suggested texts.
const NEAREST: usize = 3;
/// Maximum length of a suggested text in characters.
const LONGEST: usize = 160;

/// Visible text of an element, one line for each block.
pub(super) fn text_of(element: ElementRef<'_>) -> String {
    let mut text = String::new();
    gather(element, &mut text);
    let lines = text.lines().map(normal).filter(|line| !line.is_empty());
    lines.collect::<Vec<_>>().join("\n")
}

fn gather(element: ElementRef<'_>, into: &mut String) {
    let name = element.value().name();
    if is_unread(element) {
        return;
    }
    let block = BLOCKS.contains(&name);
    if block {
        into.push('\n');
    }
    for child in element.children() {
        match child.value() {
            Node::Text(text) => into.push_str(&text.replace('\n', " ")),
            Node::Element(_) => {
                if let Some(child) = ElementRef::wrap(child) {
                    gather(child, into);
                }
            }
            _ => {}
        }
    }
    if block {
        into.push('\n');
    }
}

fn is_unread(element: ElementRef<'_>) -> bool {
    let name = element.value().name();
    matches!(name, "script" | "style" | "head" | "select" | "textarea" | "template") || is_hidden(element)
}

/// Checks whether an element is hidden by its own attributes; style sheets are not read.
pub(super) fn is_hidden(element: ElementRef<'_>) -> bool {
    let style = element.attr("style").unwrap_or_default().to_ascii_lowercase();
    let says = |property: &str, value: &str| {
        let mut rules = style.split(';').filter_map(|rule| rule.split_once(':'));
        rules.any(|(name, said)| name.trim() == property && said.trim().starts_with(value))
    };
    element.attr("hidden").is_some() || says("display", "none") || says("visibility", "hidden")
}

/// Checks whether a text is all of a line, of consecutive lines, or of an inner element such as a cell or a word in
/// bold.
pub(super) fn is_whole(element: ElementRef<'_>, wanted: &str) -> bool {
    if wanted.is_empty() {
        return false;
    }
    let text = text_of(element);
    is_lines(&text, wanted)
        || (normal(&text).contains(wanted) && elements(element).any(|inner| normal(&text_of(inner)) == wanted))
}

/// Checks whether the text has these consecutive lines.
fn is_lines(text: &str, wanted: &str) -> bool {
    let lines: Vec<_> = text.lines().collect();
    (0..lines.len()).any(|first| begins(&lines[first..], wanted))
}

/// Checks whether lines begin with a text that ends at the end of one of them.
pub(super) fn begins(lines: &[&str], wanted: &str) -> bool {
    let mut rest = wanted;
    for line in lines {
        match rest.strip_prefix(line) {
            Some("") => return true,
            Some(more) if more.starts_with(' ') => rest = &more[1..],
            _ => return false,
        }
    }
    false
}

fn elements(element: ElementRef<'_>) -> impl Iterator<Item = ElementRef<'_>> {
    element.descendants().filter_map(ElementRef::wrap).filter(|inner| !is_unread(*inner))
}

/// Checks whether a text contains another as whole words.
pub(crate) fn has_words(text: &str, part: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let joined = |one: Option<char>, other: Option<char>| is_word(one) && is_word(other);
    !part.is_empty()
        && text.match_indices(part).any(|(at, _)| {
            let (before, after) = (&text[..at], &text[at + part.len()..]);
            !joined(before.chars().next_back(), part.chars().next())
                && !joined(part.chars().next_back(), after.chars().next())
        })
}

/// Returns the texts most like a missing one, with a hint where the difference is hard to see.
pub(super) fn nearest<'t>(wanted: &str, there: impl IntoIterator<Item = &'t str>) -> Vec<String> {
    let there: BTreeSet<_> = there.into_iter().filter(|text| !text.is_empty()).collect();
    let mut scored: Vec<_> = there.into_iter().filter_map(|text| Some((likeness(wanted, text)?, text))).collect();
    scored.sort_by(|(one, text), (other, later)| other.total_cmp(one).then(text.len().cmp(&later.len())));
    let shown = scored.into_iter().take(NEAREST).map(|(_, text)| {
        let difference = difference(wanted, text).map(|what| format!(" ({what})")).unwrap_or_default();
        format!("«{}»{difference}", cut(text, LONGEST))
    });
    shown.collect()
}

fn likeness(wanted: &str, text: &str) -> Option<f64> {
    let [wanted, text] = [wanted, text].map(folded);
    if wanted == text {
        return Some(3.0);
    }
    if has_words(&text, &wanted) {
        return Some(2.0);
    }
    if text.contains(&wanted) || has_words(&wanted, &text) {
        return Some(1.0);
    }
    Some(strsim::normalized_damerau_levenshtein(&wanted, &text)).filter(|likeness| *likeness > 0.6)
}

/// Removes differences that are easily overlooked: case, ё, quotation marks, dashes, Latin letters that look Cyrillic.
fn folded(text: &str) -> String {
    let plain = |c: char| match c {
        'ё' => 'е',
        '"' | '«' | '»' | '„' | '“' | '”' | '\'' => '"',
        '–' | '—' | '−' => '-',
        other => other,
    };
    in_cyrillic(text).to_lowercase().chars().map(plain).collect()
}

/// Explains the difference between two texts that look the same.
fn difference(wanted: &str, there: &str) -> Option<String> {
    if wanted != there && in_cyrillic(wanted) == in_cyrillic(there) {
        let (ours, theirs) = (strangers(wanted), strangers(there));
        let (side, letters) = if ours.is_empty() {
            (pick("на странице", "on the page"), theirs)
        } else {
            (pick("в сценарии", "in the scenario"), ours)
        };
        return Some(tr!("{side} латинские буквы: {}", "Latin letters {side}: {}", separate(&letters)));
    }
    if wanted.to_lowercase() == there.to_lowercase() {
        return Some(tr!("отличаются заглавные и строчные буквы", "capital and small letters differ"));
    }
    let e = |text: &str| text.to_lowercase().replace('ё', "е");
    if e(wanted) == e(there) {
        return Some(tr!("отличаются «е» и «ё»", "«е» and «ё» differ"));
    }
    (folded(wanted) == folded(there))
        .then(|| tr!("отличаются кавычки, тире или похожие буквы", "quotes, dashes or letters of one look differ"))
}

fn separate(letters: &str) -> String {
    let shown: BTreeSet<_> = letters.chars().map(|letter| format!("«{letter}»")).collect();
    shown.into_iter().collect::<Vec<_>>().join(", ")
}
