//! One page of the book: its title, its sections, its tables.

use std::{ops::Range, sync::OnceLock};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

/// A page of the book.
#[derive(Debug)]
pub(super) struct Document {
    /// As in its address, `esia-protocol`.
    pub(super) name: &'static str,
    /// `ru` or `en`.
    pub(super) language: &'static str,
    /// Its first heading.
    pub(super) title: &'static str,
    /// As it is written, in Markdown.
    pub(super) text: &'static str,
    sections: OnceLock<Vec<Section>>,
}

/// A heading and what stands under it.
#[derive(Debug)]
pub(super) struct Section {
    /// Unique in the document: `3.2`, `R001.3`, `two-voices`.
    pub(super) anchor: String,
    pub(super) title: String,
    pub(super) level: HeadingLevel,
    /// Where it stands in the text, up to the next section that is no part of it.
    range: Range<usize>,
}

impl Section {
    /// Whether it belongs into a table of contents: the sections below it would make that too long.
    pub(super) fn is_upper(&self) -> bool {
        self.level == HeadingLevel::H2
    }
}

/// A heading as it was found.
struct Heading {
    level: HeadingLevel,
    start: usize,
    title: String,
}

impl Document {
    pub(super) fn new(name: &'static str, language: &'static str, text: &'static str) -> Self {
        let title = text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or(name);
        Self { name, language, title, text, sections: OnceLock::new() }
    }

    /// Its sections in order, without the title.
    pub(super) fn sections(&self) -> &[Section] {
        self.sections.get_or_init(|| sections(self.text))
    }

    /// The section of an anchor.
    pub(super) fn section(&self, anchor: &str) -> Option<&Section> {
        self.sections().iter().find(|section| section.anchor.eq_ignore_ascii_case(anchor))
    }

    /// Where a section begins, and where its first inner section or the next one does.
    pub(super) fn own_text(&self, index: usize) -> &'static str {
        let sections = self.sections();
        let Some(section) = sections.get(index) else { return "" };
        let end = sections.get(index + 1).map_or(self.text.len(), |next| next.range.start);
        &self.text[section.range.start..end]
    }

    /// What stands before the first section.
    pub(super) fn opening(&self) -> &'static str {
        &self.text[..self.sections().first().map_or(self.text.len(), |first| first.range.start)]
    }

    /// A section as it is written, without the marks of its headings.
    pub(super) fn passage(&self, section: &Section) -> String {
        let lines = self.text[section.range.clone()].trim_end().lines();
        lines.map(|line| line.trim_start_matches('#').trim_start()).collect::<Vec<_>>().join("\n")
    }

    /// The rows of its tables whose first cell is `cell`.
    pub(super) fn rows<'t>(&'t self, cell: &'t str) -> impl Iterator<Item = Vec<&'t str>> {
        self.all_rows().filter(move |cells| cells.first().is_some_and(|first| first.eq_ignore_ascii_case(cell)))
    }

    /// The rows of its tables as cells, head and rule included.
    pub(super) fn all_rows(&self) -> impl Iterator<Item = Vec<&str>> {
        let inner = |line: &'static str| line.strip_prefix('|')?.strip_suffix('|');
        self.text.lines().filter_map(inner).map(|line| line.split('|').map(str::trim).collect())
    }
}

fn sections(text: &str) -> Vec<Section> {
    let headings = headings(text);
    let end = |index: usize, level: HeadingLevel| {
        let after = headings[index + 1..].iter().find(|other| other.level <= level);
        after.map_or(text.len(), |other| other.start)
    };
    let section = |(index, heading): (usize, &Heading)| Section {
        anchor: anchor(&heading.title),
        title: heading.title.clone(),
        level: heading.level,
        range: heading.start..end(index, heading.level),
    };
    headings.iter().enumerate().map(section).filter(|section| section.level != HeadingLevel::H1).collect()
}

fn headings(text: &str) -> Vec<Heading> {
    let mut headings: Vec<Heading> = Vec::new();
    let mut is_heading = false;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                headings.push(Heading { level, start: range.start, title: String::new() });
                is_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => is_heading = false,
            Event::Text(part) | Event::Code(part) if is_heading => {
                if let Some(heading) = headings.last_mut() {
                    heading.title.push_str(&part);
                }
            }
            _ => {}
        }
    }
    headings
}

/// The anchor of a heading: its number, the rule's id, or its words.
pub(super) fn anchor(title: &str) -> String {
    let number = title.split(' ').next().unwrap_or_default().trim_end_matches('.');
    if number.starts_with(|sign: char| sign.is_ascii_digit()) || is_rule(number) {
        return number.to_owned();
    }
    let words = title.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}

/// Whether a text is the id of a documented rule, `R001.3`.
pub(super) fn is_rule(text: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|digit| digit.is_ascii_digit());
    let parts = text.strip_prefix(['R', 'r']).and_then(|rest| rest.split_once('.'));
    parts.is_some_and(|(document, rule)| is_number(document) && is_number(rule))
}
