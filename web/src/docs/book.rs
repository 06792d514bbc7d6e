//! The book of `docs/`, embedded: its parts and pages in the order of its summary.

use std::sync::LazyLock;

use include_dir::{Dir, include_dir};
use worlds::mistakes::Language;

use super::document::Document;

static FILES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../docs/src");

/// A heading of the summary and the pages under it, all in one language.
#[derive(Debug)]
pub(super) struct Part {
    /// `ru` or `en`.
    pub(super) language: &'static str,
    pub(super) title: &'static str,
    pub(super) pages: Vec<Document>,
}

/// The whole book.
static PARTS: LazyLock<Vec<Part>> = LazyLock::new(|| parts(text("SUMMARY.md")));

/// The text of a file of the book; empty where there is none.
fn text(path: &str) -> &'static str {
    FILES.get_file(path).and_then(|file| file.contents_utf8()).unwrap_or_default()
}

/// Paths of all pages of the book, as `ru/time.md`.
#[cfg(test)]
pub(super) fn files() -> impl Iterator<Item = String> {
    let of = |folder: &'static Dir<'_>| folder.files().map(|file| file.path().display().to_string());
    FILES.dirs().flat_map(of).filter(|path| !path.starts_with("pictures"))
}

/// Pictures of the pages of the book, by `scripts/screenshots`: the path of each in its folder, as `pictures/week.png`, and a
/// file in the PNG format.
pub fn pictures() -> impl Iterator<Item = (&'static str, &'static [u8])> {
    let pictures = FILES.get_dir("pictures").into_iter().flat_map(Dir::files);
    pictures.filter_map(|picture| Some((picture.path().to_str()?, picture.contents())))
}

fn parts(summary: &'static str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for line in summary.lines() {
        if let Some(title) = line.strip_prefix("# ") {
            parts.push(Part { language: "", title, pages: Vec::new() });
        }
        let Some((language, name)) = linked(line) else { continue };
        let document = Document::new(name, language, text(&format!("{language}/{name}.md")));
        if let Some(part) = parts.last_mut() {
            part.language = language;
            part.pages.push(document);
        }
    }
    parts.retain(|part| !part.pages.is_empty());
    parts
}

/// Language and name of the page that a line of the summary links to.
fn linked(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (_, path) = line.rsplit_once("](")?;
    path.strip_suffix(".md)")?.split_once('/')
}

/// `ru` or `en`.
pub(super) fn code(language: Language) -> &'static str {
    match language {
        Language::Russian => "ru",
        Language::English => "en",
    }
}

/// All pages in the order of the summary.
pub(super) fn pages() -> impl DoubleEndedIterator<Item = &'static Document> {
    PARTS.iter().flat_map(|part| &part.pages)
}

/// The parts in a language.
pub(super) fn parts_in(language: &'static str) -> impl Iterator<Item = &'static Part> {
    PARTS.iter().filter(move |part| part.language == language)
}

/// The page of a name in a language.
pub(super) fn page_in(name: &str, language: &str) -> Option<&'static Document> {
    pages().find(|page| page.name == name && page.language == language)
}

/// The page of a name: in the reader's language, else in the other.
pub(super) fn page(name: &str, language: Language) -> Option<&'static Document> {
    page_in(name, code(language)).or_else(|| document(name))
}

/// What there is to read in a language: its pages, and those that are written in the other one alone.
pub(super) fn shelf(language: Language) -> impl Iterator<Item = &'static Document> {
    let own = code(language);
    pages().filter(move |page| page.language == own || page_in(page.name, own).is_none())
}

/// The page of a name, whatever its language.
pub(super) fn document(name: &str) -> Option<&'static Document> {
    pages().find(|page| page.name == name)
}
