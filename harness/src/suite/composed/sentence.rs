//! Sentences with parameters in braces, and texts whose placeholders are filled with values.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::handed::{is_table_under, is_text_under};
use crate::language::{pick, tr};

/// Placeholder in braces; after a backslash it is plain text.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\\?\{([^{}\n]*)\}").ok());
/// Name of a parameter. Braces around anything else, as in JSON, are plain text.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{L}[\p{L}\p{N} _-]*$").ok());

/// Text within guillemets, which may contain one more pair.
const WITHIN_QUOTES: &str = "((?:[^«»]|«[^«»]*»)*)";
/// Shortest text whose guillemets are all closed.
const OUTSIDE_QUOTES: &str = "((?:[^«»]|«(?:[^«»]|«[^«»]*»)*»)+?)";

/// Samples for a parameter outside of quotes whose value is not known yet: one of each kind of value that sentences
/// have there.
const SAMPLES: [&str; 9] =
    ["Анна", "10 минут", "10", "10.10.2030", "10 рабочих дней", "минут", "2023", "«образец»", "«образец» → «образец»"];
/// Sample for a parameter in quotes.
const SAMPLE_TEXT: &str = "образец";
/// Number of parameters for which every sample is tried; the rest get the first sample, a person.
const TRIED: usize = 3;

/// Sentence of a composed step.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// Text of the sentence, with guillemets as quotation marks: `{человек} видит раздел «{раздел}»`.
    pub text: String,
    /// Names of the parameters in order of appearance.
    pub parameters: Vec<String>,
    /// Length of the text outside of parameters and guillemets, in bytes.
    pub(super) own_words: usize,
    regex: Regex,
}

impl Sentence {
    /// Parses a sentence with parameters.
    ///
    /// # Errors
    /// Returns a message about the mistake in the sentence.
    pub(super) fn of(text: &str) -> Result<Self, String> {
        let (mut parameters, mut own) = (Vec::new(), String::new());
        let mut regex = String::from("^");
        for piece in pieces(text) {
            match piece {
                Piece::Text(plain) => {
                    if plain.contains(['{', '}']) {
                        return Err(tr!(
                            "скобка без пары: параметр пишут в фигурных скобках, {{раздел}}",
                            "a brace without the other one: a parameter stands in braces, {{раздел}}"
                        ));
                    }
                    own.push_str(plain);
                    for character in plain.chars() {
                        match character {
                            'ё' => regex.push_str("[её]"),
                            plain if regex.len() == 1 => {
                                regex.extend(["(?i:", &regex::escape(&plain.to_string()), ")"]);
                            }
                            plain => regex.push_str(&regex::escape(&plain.to_string())),
                        }
                    }
                }
                Piece::Place { name, quoted } => {
                    named(name, &parameters)?;
                    parameters.push(name.to_owned());
                    regex.push_str(if quoted { WITHIN_QUOTES } else { OUTSIDE_QUOTES });
                }
            }
        }
        if text.is_empty() {
            return Err(tr!("после «Шаг:» нет предложения", "there is no sentence after \"Шаг:\""));
        }
        if !own.contains(char::is_alphanumeric) {
            return Err(pick(
                "предложение из одних параметров подошло бы к любому шагу: добавьте слово",
                "a sentence of parameters alone would be any step: add a word",
            )
            .to_owned());
        }
        let own_words = own.replace(['«', '»'], "").len();
        let regex = Regex::new(&(regex + "$")).map_err(|error| error.to_string())?;
        Ok(Self { text: text.to_owned(), parameters, own_words, regex })
    }

    /// Returns the values of the parameters if the given sentence is an instance of this one.
    pub(super) fn values(&self, sentence: &str) -> Option<Vec<String>> {
        let found = self.regex.captures(sentence)?;
        Some(found.iter().skip(1).flatten().map(|value| value.as_str().to_owned()).collect())
    }
}

/// Checks the name of a parameter against the rules for names and the earlier parameters.
fn named(name: &str, before: &[String]) -> Result<(), String> {
    if !is_name(name) {
        return Err(tr!(
            "«{{{name}}}» — не имя параметра: оно начинается с буквы и состоит из букв, цифр и пробелов",
            "\"{{{name}}}\" is no name of a parameter: it begins with a letter and has letters, digits and blanks"
        ));
    }
    if is_table_under(name) || is_text_under(name) {
        return Err(tr!(
            "«{{{name}}}» — то, что стоит под шагом; параметру нужно другое имя",
            "\"{{{name}}}\" is what stands under the step; a parameter needs another name"
        ));
    }
    if before.iter().any(|known| known == name) {
        return Err(tr!("параметр «{{{name}}}» назван дважды", "the parameter \"{{{name}}}\" is named twice"));
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    NAME.as_ref().is_some_and(|names| names.is_match(name))
}

/// Piece of a text: plain text or a placeholder.
enum Piece<'t> {
    Text(&'t str),
    Place {
        name: &'t str,
        /// Whether the placeholder stands within guillemets.
        quoted: bool,
    },
}

/// Splits a sentence into its pieces. Anything in braces is a placeholder, whether or not it is a valid name.
fn pieces(text: &str) -> Vec<Piece<'_>> {
    let Some(place) = &*PLACE else { return vec![Piece::Text(text)] };
    let (mut pieces, mut done) = (Vec::new(), 0);
    for found in place.captures_iter(text) {
        let (Some(whole), Some(name)) = (found.get(0), found.get(1)) else { continue };
        pieces.push(Piece::Text(text.get(done..whole.start()).unwrap_or_default()));
        let before = text.get(..whole.start()).unwrap_or_default();
        let quoted = before.matches('«').count() > before.matches('»').count();
        pieces.push(Piece::Place { name: name.as_str().trim(), quoted });
        done = whole.end();
    }
    pieces.push(Piece::Text(text.get(done..).unwrap_or_default()));
    pieces
}

/// Fills the placeholders of a text. A placeholder after a backslash, or without a valid name, stays as text.
pub(super) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let Some(place) = PLACE.as_ref().filter(|_| text.contains('{')) else { return text.to_owned() };
    let filled = place.replace_all(text, |found: &regex::Captures<'_>| {
        let whole = found.get(0).map_or("", |whole| whole.as_str());
        let name = found.get(1).map_or("", |name| name.as_str().trim());
        if !is_name(name) {
            return whole.to_owned();
        }
        match whole.strip_prefix('\\') {
            Some(plain) => plain.to_owned(),
            None => value(name).unwrap_or_else(|| whole.to_owned()),
        }
    });
    filled.into_owned()
}

/// Returns the names of a text's placeholders, in order.
pub(super) fn places(text: &str) -> Vec<String> {
    let Some(place) = PLACE.as_ref().filter(|_| text.contains('{')) else { return Vec::new() };
    let found = place.captures_iter(text).filter(|found| found.get(0).is_some_and(|it| !it.as_str().starts_with('\\')));
    let names = found.filter_map(|found| Some(found.get(1)?.as_str().trim().to_owned()));
    names.filter(|name| is_name(name)).collect()
}

/// Returns the text with samples in its placeholders, in every combination, the simplest first.
pub(super) fn samples(text: &str) -> impl Iterator<Item = String> {
    let outside = pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Place { name, quoted: false } => Some(name.to_owned()),
        _ => None,
    });
    let outside: Vec<_> = outside.collect::<BTreeSet<_>>().into_iter().collect();
    let ways = SAMPLES.len().pow(u32::try_from(outside.len().min(TRIED)).unwrap_or_default());
    let text = text.to_owned();
    (0..ways).map(move |way| {
        fill(&text, |name| {
            let Some(number) = outside.iter().position(|known| known == name) else {
                return Some(SAMPLE_TEXT.to_owned());
            };
            let digit = (0..number).fold(way, |left, _| left / SAMPLES.len()) % SAMPLES.len();
            let digit = if number < TRIED { digit } else { 0 };
            SAMPLES.get(digit).map(|sample| (*sample).to_owned())
        })
    })
}
