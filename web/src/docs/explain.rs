//! What an id means: a documented rule, an error code of ЕСИА, a section of a document, a mistake of a verdict.

use std::fmt::Write as _;

use strsim::jaro_winkler;
use worlds::mistakes::{self, Language};

use super::{
    book::{document, pages},
    document::{Document, anchor, is_rule},
};

/// How alike two ids must be for one to be offered instead of the other, of 1.
const ALIKE: f64 = 0.85;

/// An id that stands nowhere.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("nothing is known of `{id}`")]
pub struct Unexplained {
    /// The id that was asked for.
    pub id: String,
    /// The known id that is most like it, if any is.
    pub nearest: Option<String>,
}

/// The text about an id, for a terminal: lines, without a line end at the last. A document speaks its own language, a mistake
/// the reader's.
///
/// # Errors
/// [`Unexplained`], with the nearest id that is known.
pub fn explain(id: &str, language: Language) -> Result<String, Unexplained> {
    let id = id.trim();
    let found = rule(id).or_else(|| error_code(id)).or_else(|| section(id)).or_else(|| mistake(id, language));
    found.ok_or_else(|| Unexplained { id: id.to_owned(), nearest: nearest(id) })
}

fn passage(document: &Document, anchor: &str) -> Option<String> {
    Some(document.passage(document.section(anchor)?))
}

fn rule(id: &str) -> Option<String> {
    is_rule(id).then(|| passage(document("rules")?, id)).flatten()
}

/// The rows of the protocol's tables that are about a code, without the mark of where they stand.
fn error_code(id: &str) -> Option<String> {
    let protocol = document("esia-protocol")?;
    let number = id.get(..5).filter(|start| start.eq_ignore_ascii_case("ESIA-")).map(|_| id)?;
    let row = protocol.rows(number).next()?;
    let mut told = row.first()?.to_string();
    for cell in row.iter().skip(1).filter(|cell| !cell.is_empty()) {
        let _ = write!(told, "\n  {}", cell.replace('`', ""));
    }
    told.push_str("\n  (ESIA §1.5)");
    Some(told)
}

/// `ESIA §3.2`, `§3.2`, `Design, Two voices`.
fn section(id: &str) -> Option<String> {
    if let Some((document_name, number)) = id.split_once('§') {
        let is_protocol = ["", "ESIA"].contains(&document_name.trim());
        return is_protocol.then(|| passage(document("esia-protocol")?, number.trim())).flatten();
    }
    passage(document("design")?, &anchor(id.strip_prefix("Design, ").unwrap_or(id)))
}

fn mistake(id: &str, language: Language) -> Option<String> {
    let found = mistakes::find(id)?;
    let (_, value) = mistakes::split(id);
    let told = |text: &mistakes::Text| text.told(language, value.as_deref());
    Some(format!("{id}\n  {}\n  {}", told(&found.cause), told(&found.remedy)))
}

/// Every id that can be explained, but for sections.
fn ids() -> Vec<String> {
    let protocol = document("esia-protocol").into_iter();
    let codes = protocol.flat_map(Document::all_rows).filter_map(|row| row.first().map(|cell| (*cell).to_owned()));
    let sections = pages().flat_map(Document::sections).map(|section| section.anchor.clone());
    codes
        .filter(|cell| cell.starts_with("ESIA-"))
        .chain(sections.filter(|anchor| is_rule(anchor)))
        .chain(mistakes::all().map(|mistake| mistake.id.to_owned()))
        .collect()
}

fn nearest(id: &str) -> Option<String> {
    let asked = id.to_lowercase();
    let alike = |known: &String| jaro_winkler(&asked, &known.to_lowercase());
    let best = ids().into_iter().max_by(|one, other| alike(one).total_cmp(&alike(other)))?;
    (alike(&best) >= ALIKE).then_some(best)
}
