//! All mistakes, and how a verdict names one.

use std::fmt::Write as _;

use super::{Mistake, clients, oidc, people, request, signature, slips, time, tokens};
use crate::check::{Check, Outcome};

/// Longest value after `=`, bytes; what is longer ends in `...`.
const MAX_VALUE: usize = 64;

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

    /// Mistakes of a check that the catalogue lacks.
    pub fn unnamed(&self) -> Vec<&str> {
        self.names().into_iter().filter(|name| find(name).is_none()).collect()
    }
}
