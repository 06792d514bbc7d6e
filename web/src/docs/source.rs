//! A check's source, such as `ESIA §1.2, §3.2; RFC 7636 §4.6`, as citations that can be opened.

use super::{
    book::document,
    document::{anchor, is_rule},
};

/// One place that a source names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Citation {
    /// What stands before it in the source: nothing, `, ` or `; `.
    pub(crate) separator: &'static str,
    /// As it is written there.
    pub(crate) text: String,
    pub(crate) place: CitedPassage,
}

/// Where a citation leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum CitedPassage {
    /// A path of this server.
    Ours(String),
    /// The URL of a public document.
    Public(String),
    /// Nowhere that is known.
    Unknown,
}

/// Public documents beside RFCs, with their addresses.
const SPECIFICATIONS: [(&str, &str); 8] = [
    ("OpenID Connect Core", "https://openid.net/specs/openid-connect-core-1_0.html"),
    ("OpenID Connect Discovery", "https://openid.net/specs/openid-connect-discovery-1_0.html"),
    ("OpenID Connect RP-Initiated Logout", "https://openid.net/specs/openid-connect-rpinitiated-1_0.html"),
    ("OpenID Connect Back-Channel Logout", "https://openid.net/specs/openid-connect-backchannel-1_0.html"),
    ("OAuth 2.0 Multiple Response Types", "https://openid.net/specs/oauth-v2-multiple-response-types-1_0.html"),
    ("Form Post", "https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html"),
    ("Fetch Standard", "https://fetch.spec.whatwg.org/"),
    ("Fetch Metadata", "https://www.w3.org/TR/fetch-metadata/"),
];

/// The citations of a source, in order; together they are its text.
pub(crate) fn citations(source: &str) -> Vec<Citation> {
    let mut found: Vec<Citation> = Vec::new();
    for group in source.split("; ") {
        let mut document = "";
        let mut separator = if found.is_empty() { "" } else { "; " };
        let mut parts = group.split(", ");
        while let Some(part) = parts.next() {
            let (named, number) = part.split_once('§').map_or((part, None), |(name, number)| (name, Some(number)));
            if !named.is_empty() {
                document = named.trim();
            }
            let heading = if has_named_sections(document) { parts.next() } else { None };
            let text = heading.map_or_else(|| part.to_owned(), |heading| format!("{part}, {heading}"));
            found.push(Citation { separator, text, place: place(document, number.or(heading)) });
            separator = ", ";
        }
    }
    found
}

/// Whether the sections of a document have no numbers: a source names it, then the section.
fn has_named_sections(document: &str) -> bool {
    ["Design", "Fetch Standard"].contains(&document)
}

fn place(document: &str, section: Option<&str>) -> CitedPassage {
    let known = match (document, section) {
        ("ESIA", Some(number)) => ours("esia-protocol", number),
        ("Design", Some(heading)) => ours("design", &anchor(heading)),
        (rule, None) if is_rule(rule) => ours("rules", rule),
        (document, section) => public(document, section),
    };
    known.unwrap_or(CitedPassage::Unknown)
}

fn ours(name: &str, anchor: &str) -> Option<CitedPassage> {
    let section = document(name)?.section(anchor)?;
    Some(CitedPassage::Ours(format!("/control/docs/{name}#{}", section.anchor)))
}

fn public(document: &str, section: Option<&str>) -> Option<CitedPassage> {
    let url = match document.strip_prefix("RFC ") {
        Some(number) => rfc(number.parse().ok()?, section),
        None => specification(document, section)?,
    };
    Some(CitedPassage::Public(url))
}

fn rfc(number: u32, section: Option<&str>) -> String {
    let page = format!("https://www.rfc-editor.org/rfc/rfc{number}");
    match section {
        Some(section) if section.starts_with(|sign: char| sign.is_ascii_digit()) => format!("{page}#section-{section}"),
        Some(appendix) => format!("{page}#appendix-{appendix}"),
        None => page,
    }
}

fn specification(document: &str, section: Option<&str>) -> Option<String> {
    let (_, page) = SPECIFICATIONS.iter().find(|(name, _)| *name == document)?;
    let is_numbered = page.starts_with("https://openid.net/");
    Some(
        section
            .filter(|_| is_numbered)
            .map_or_else(|| (*page).to_owned(), |number| format!("{page}#rfc.section.{number}")),
    )
}
