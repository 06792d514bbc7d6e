//! The search of the book: sections that have all the words of a query, the likeliest first.

use std::{cmp::Reverse, sync::LazyLock};

use worlds::mistakes::Language;

use super::{
    book::{pages, shelf},
    document::{Document, Section},
    render::plain,
};

/// Characters of a query that are read.
const QUERY: usize = 200;
/// Words of a query that are looked for.
const WORDS: usize = 8;
/// Passages that are shown.
const SHOWN: usize = 30;
/// Characters of an excerpt, and how many of them stand before the word that was found.
const EXCERPT: usize = 200;
const BEFORE: usize = 60;

/// A passage that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hit {
    /// The page, and the section's anchor with its `#` where it is not the page as a whole.
    pub(super) address: String,
    /// `ru` or `en`.
    pub(super) language: &'static str,
    /// The page's title.
    pub(super) page: &'static str,
    /// The section's title; empty for the page as a whole.
    pub(super) section: String,
    /// Some words around the first that was found.
    pub(super) excerpt: String,
}

/// A passage as it is looked through.
struct Passage {
    document: &'static Document,
    anchor: String,
    title: String,
    text: String,
    folded_title: String,
    folded: String,
}

static PASSAGES: LazyLock<Vec<Passage>> = LazyLock::new(|| pages().flat_map(passages).collect());

fn passages(document: &'static Document) -> Vec<Passage> {
    let passage = |anchor: &str, title: &str, markdown: &str| {
        let text = plain(markdown);
        let folded = folded(&text);
        let folded_title = folded_title(document, title);
        Passage { document, anchor: anchor.to_owned(), title: title.to_owned(), text, folded_title, folded }
    };
    let own = |(index, section): (usize, &Section)| passage(&section.anchor, &section.title, document.own_text(index));
    let opening = passage("", "", document.opening());
    std::iter::once(opening).chain(document.sections().iter().enumerate().map(own)).collect()
}

/// The title by which a passage is found: the section's, or the page's where it is no section.
fn folded_title(document: &Document, title: &str) -> String {
    folded(if title.is_empty() { document.title } else { title })
}

/// Small letters, and ё as е: the same number of characters, so that places in both are the same.
fn folded(text: &str) -> String {
    let small = |sign: char| match sign {
        'ё' | 'Ё' => 'е',
        other => {
            Some(other.to_lowercase()).filter(|small| small.len() == 1).and_then(|mut one| one.next()).unwrap_or(other)
        }
    };
    text.chars().map(small).collect()
}

/// What is looked for: words without the ending that declension changes.
fn words(query: &str) -> Vec<String> {
    let query: String = folded(query).chars().take(QUERY).collect();
    let word = |word: &str| {
        let word = word.trim_matches(|sign: char| !sign.is_alphanumeric());
        let letters = word.chars().count();
        let declines = letters > 4 && word.chars().all(|sign| ('а'..='я').contains(&sign));
        word.chars().take(if declines { letters - 2 } else { letters }).collect::<String>()
    };
    query.split_whitespace().map(word).filter(|word| !word.is_empty()).take(WORDS).collect()
}

/// The passages with all the words of a query, in what there is to read in a language.
pub(super) fn found(query: &str, language: Language) -> Vec<Hit> {
    let words = words(query);
    if words.is_empty() {
        return Vec::new();
    }
    let shelf: Vec<_> = shelf(language).collect();
    let is_on_it = |document: &Document| shelf.iter().any(|other| std::ptr::eq(*other, document));
    let readable = PASSAGES.iter().filter(|passage| is_on_it(passage.document));
    let mut hits: Vec<_> = readable.filter_map(|passage| Some((passage.likelihood(&words)?, passage))).collect();
    hits.sort_by_key(|(likelihood, _)| Reverse(*likelihood));
    hits.into_iter().take(SHOWN).map(|(_, passage)| passage.hit(&words)).collect()
}

impl Passage {
    /// How likely this is what was looked for; none where a word is missing.
    fn likelihood(&self, words: &[String]) -> Option<usize> {
        words.iter().try_fold(0, |sum, word| {
            let in_title = self.folded_title.contains(word.as_str());
            let in_text = self.folded.matches(word.as_str()).take(5).count();
            (in_title || in_text > 0).then_some(sum + usize::from(in_title) * 20 + in_text)
        })
    }

    fn hit(&self, words: &[String]) -> Hit {
        let anchor = if self.anchor.is_empty() { String::new() } else { format!("#{}", self.anchor) };
        Hit {
            address: format!("{}{anchor}", self.document.name),
            language: self.document.language,
            page: self.document.title,
            section: self.title.clone(),
            excerpt: self.excerpt(words),
        }
    }

    fn excerpt(&self, words: &[String]) -> String {
        let place = words.iter().filter_map(|word| self.folded.find(word.as_str())).min().unwrap_or_default();
        let place = self.folded[..place].chars().count();
        let start = place.saturating_sub(BEFORE);
        let cut: String = self.text.chars().skip(start).take(EXCERPT).collect();
        let before = if start > 0 { "…" } else { "" };
        let after = if self.text.chars().count() > start + EXCERPT { "…" } else { "" };
        format!("{before}{}{after}", cut.trim())
    }
}
