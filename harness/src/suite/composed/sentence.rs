//! Sentences with parameters in braces, and texts into which values are put.

use std::{collections::BTreeSet, sync::LazyLock};

use regex::Regex;

use super::handed::{is_table_under, is_text_under};
use crate::language::{pick, tr};

/// A place in braces; with a backslash before it, it is plain text.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\\?\{([^{}\n]*)\}").ok());
/// The name of a parameter. What is no name, as in JSON, is plain text.
static NAME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"^\p{L}[\p{L}\p{N} _-]*$").ok());

/// A text in guillemets, which may hold one more pair.
const WITHIN_QUOTES: &str = "((?:[^«»]|«[^«»]*»)*)";
/// Anything whose guillemets are closed; as little of it as will do.
const OUTSIDE_QUOTES: &str = "((?:[^«»]|«(?:[^«»]|«[^«»]*»)*»)+?)";

/// What may stand for a parameter outside of quotes when it is not known yet what will: one of each kind of thing that
/// sentences have there.
const SAMPLES: [&str; 9] =
    ["Анна", "10 минут", "10", "10.10.2030", "10 рабочих дней", "минут", "2023", "«образец»", "«образец» → «образец»"];
/// The same for a parameter in quotes.
const SAMPLE_TEXT: &str = "образец";
/// Parameters of a sentence for which every sample is tried; further ones are people.
const TRIED: usize = 3;

/// The sentence of a composed step.
#[derive(Debug, Clone)]
pub struct Sentence {
    /// As it is written, with guillemets for quotation marks: `{человек} видит раздел «{раздел}»`.
    pub text: String,
    /// Names of its parameters in their order.
    pub parameters: Vec<String>,
    /// Length of its own words, bytes.
    pub(super) own_words: usize,
    regex: Regex,
}

impl Sentence {
    /// Reads a sentence with parameters.
    ///
    /// # Errors
    /// What is wrong with it.
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

    /// The values of its parameters, if a sentence is said so.
    pub(super) fn values(&self, sentence: &str) -> Option<Vec<String>> {
        let found = self.regex.captures(sentence)?;
        Some(found.iter().skip(1).flatten().map(|value| value.as_str().to_owned()).collect())
    }
}

/// Looks at the name of a parameter, and at those before it.
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

/// Piece of a text with places.
enum Piece<'t> {
    Text(&'t str),
    Place {
        name: &'t str,
        /// Whether it stands within guillemets.
        quoted: bool,
    },
}

/// The pieces of a sentence, in order. Whatever stands in braces is a place, be its name one or not.
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

/// Puts values into the places of a text. A place with a backslash before it, or without a name, is left as text.
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

/// The names of a text's places, in order.
pub(super) fn places(text: &str) -> Vec<String> {
    let Some(place) = PLACE.as_ref().filter(|_| text.contains('{')) else { return Vec::new() };
    let found = place.captures_iter(text).filter(|found| found.get(0).is_some_and(|it| !it.as_str().starts_with('\\')));
    let names = found.filter_map(|found| Some(found.get(1)?.as_str().trim().to_owned()));
    names.filter(|name| is_name(name)).collect()
}

/// The text said with samples in its places, in every way that may be meant: the plainest first.
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
