//! The catalogue of mistakes: for each stable name that a verdict may carry, what went wrong and how to mend it, in Russian
//! and English.
//!
//! A check names its mistakes as `id` or `id=value`, for instance `slip-missing=state`: the id stands in this catalogue, the
//! value says which (a parameter, a scope, a term such as `3h`). [`named`] writes a value so that the whole stays one word of
//! ASCII, percent-encoding what is not printable or would end the word. A check without a mistake is looked up by its rule.
//! Whoever adds a check adds its ids to one of the tables below; the rigs of `idp` and `web` fail on an id that is missing.

mod clients;
mod oidc;
mod people;
mod request;
mod signature;
mod slips;
mod term;
#[cfg(test)]
mod tests;
mod time;
mod tokens;

use std::fmt::Write as _;

use serde::Serialize;

pub use term::{in_words, short};

use crate::journal::{Check, Outcome};

/// Longest value after `=`, bytes; what is longer ends in `...`.
const MAX_VALUE: usize = 64;

/// The language that somebody reads.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    /// Russian, unless something else is asked for.
    #[default]
    Russian,
    /// English.
    English,
}

/// A sentence or two in both languages. `{}` stands for the value after `=`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Text {
    /// Russian.
    pub ru: &'static str,
    /// English.
    pub en: &'static str,
}

/// One known mistake of a client's developer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Mistake {
    /// Stable name, as `slip-order`.
    pub id: &'static str,
    /// What went wrong.
    pub cause: Text,
    /// How to mend it.
    pub remedy: Text,
}

/// One row of a table: id, cause and remedy, each as Russian and English.
const fn mistake(id: &'static str, cause: [&'static str; 2], remedy: [&'static str; 2]) -> Mistake {
    let ([cause_ru, cause_en], [remedy_ru, remedy_en]) = (cause, remedy);
    Mistake { id, cause: Text { ru: cause_ru, en: cause_en }, remedy: Text { ru: remedy_ru, en: remedy_en } }
}

impl Text {
    /// In a language, with the value where it belongs.
    pub fn told(&self, language: Language, value: Option<&str>) -> String {
        let text = match language {
            Language::Russian => self.ru,
            Language::English => self.en,
        };
        let spelled = value.and_then(|value| kind(value, language).or_else(|| term::spelled(value, language)));
        text.replace("{}", spelled.as_deref().or(value).unwrap_or("…"))
    }
}

/// Kinds of tokens that stand as values, in words: value, Russian, English.
const KINDS: [(&str, &str, &str); 9] = [
    ("esia-access-token", "маркер доступа ЕСИА", "an access token of ESIA"),
    ("esia-id-token", "id_token ЕСИА", "an id token of ESIA"),
    ("esia-code", "код ЕСИА", "a code of ESIA"),
    ("esia-refresh-token", "маркер обновления ЕСИА", "a refresh token of ESIA"),
    ("openid-access-token", "маркер доступа OpenID Connect", "an access token of OpenID Connect"),
    ("openid-id-token", "id_token OpenID Connect", "an id token of OpenID Connect"),
    ("openid-code", "код OpenID Connect", "a code of OpenID Connect"),
    ("openid-refresh-token", "маркер обновления OpenID Connect", "a refresh token of OpenID Connect"),
    ("openid-logout-token", "logout_token OpenID Connect", "a logout token of OpenID Connect"),
];

fn kind(value: &str, language: Language) -> Option<String> {
    let (_, ru, en) = KINDS.iter().find(|(name, ..)| *name == value)?;
    Some(if language == Language::English { en } else { ru }.to_string())
}

/// All mistakes, by table and in the order of reading.
pub fn all() -> impl Iterator<Item = &'static Mistake> {
    [request::ALL, clients::ALL, signature::ALL, slips::ALL, time::ALL, tokens::ALL, oidc::ALL, people::ALL]
        .into_iter()
        .flatten()
}

/// The mistake of a name, with or without its value.
pub fn find(name: &str) -> Option<&'static Mistake> {
    let (id, _) = split(name);
    all().find(|mistake| mistake.id == id)
}

/// `slip-missing=state` as id and value; the value as it was before [`named`] wrote it.
pub fn split(name: &str) -> (&str, Option<String>) {
    match name.split_once('=') {
        Some((id, value)) => (id, Some(decoded(value))),
        None => (name, None),
    }
}

/// An id with a value: `slip-missing=state`.
pub fn named(id: &str, value: &str) -> String {
    let mut written = format!("{id}=");
    for byte in value.bytes() {
        if written.len() > id.len() + MAX_VALUE {
            return written + "...";
        }
        if byte.is_ascii_graphic() && !matches!(byte, b'%' | b';' | b'"' | b'\\') {
            written.push(char::from(byte));
        } else {
            // Writing to a String cannot fail.
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

fn decoded(value: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(value.len()), value.as_bytes());
    while let [first, after @ ..] = rest {
        let escaped = (*first == b'%').then(|| after.get(..2)).flatten();
        let escaped = escaped.and_then(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
        bytes.push(escaped.unwrap_or(*first));
        rest = after.get(if escaped.is_some() { 2 } else { 0 }..).unwrap_or_default();
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

impl Check {
    /// The names under which a reader looks it up: its mistakes, or its rule where none is known; none of a passed check.
    pub fn names(&self) -> Vec<&str> {
        match (self.outcome, self.mistakes.as_slice()) {
            (Outcome::Passed, _) => Vec::new(),
            (_, []) => vec![self.rule.as_str()],
            (_, mistakes) => mistakes.iter().map(String::as_str).collect(),
        }
    }

    /// Those of its names that the catalogue lacks.
    pub fn unnamed(&self) -> Vec<&str> {
        self.names().into_iter().filter(|name| find(name).is_none()).collect()
    }
}
