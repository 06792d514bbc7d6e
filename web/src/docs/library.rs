//! The documents and their sections, read once.

use std::{ops::Range, sync::LazyLock};

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

/// One document of `docs/`.
#[derive(Debug)]
pub(super) struct Document {
    /// As in its address, `esia-protocol`.
    pub(super) name: &'static str,
    /// `ru` or `en`.
    pub(super) language: &'static str,
    pub(super) title: String,
    pub(super) sections: Vec<Section>,
    text: &'static str,
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

/// All documents, in the order of the list.
pub(super) static LIBRARY: LazyLock<[Document; 3]> = LazyLock::new(|| {
    [
        Document::read("esia-protocol", "en", include_str!("../../../docs/esia-protocol.md")),
        Document::read("rules", "ru", include_str!("../../../docs/rules.md")),
        Document::read("design", "en", include_str!("../../../docs/design.md")),
    ]
});

/// The document of a name.
pub(super) fn document(name: &str) -> Option<&'static Document> {
    LIBRARY.iter().find(|document| document.name == name)
}

impl Document {
    pub(super) fn read(name: &'static str, language: &'static str, text: &'static str) -> Self {
        let mut headings: Vec<(HeadingLevel, usize, String)> = Vec::new();
        let mut is_heading = false;
        for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    headings.push((level, range.start, String::new()));
                    is_heading = true;
                }
                Event::End(TagEnd::Heading(_)) => is_heading = false,
                Event::Text(part) | Event::Code(part) if is_heading => {
                    if let Some((_, _, title)) = headings.last_mut() {
                        title.push_str(&part);
                    }
                }
                _ => {}
            }
        }
        let end = |index: usize, level: HeadingLevel| {
            let after = headings[index + 1..].iter().find(|(other, ..)| *other <= level);
            after.map_or(text.len(), |(_, start, _)| *start)
        };
        let section = |(index, (level, start, title)): (usize, &(HeadingLevel, usize, String))| Section {
            anchor: anchor(title),
            title: title.clone(),
            level: *level,
            range: *start..end(index, *level),
        };
        let (top, below): (Vec<_>, Vec<_>) =
            headings.iter().enumerate().map(section).partition(|section| section.level == HeadingLevel::H1);
        let title = top.into_iter().next().map_or_else(|| name.to_owned(), |section| section.title);
        Self { name, language, title, sections: below, text }
    }

    /// The section of an anchor.
    pub(super) fn section(&self, anchor: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.anchor.eq_ignore_ascii_case(anchor))
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

    /// The document as HTML without its title. HTML in it is shown, not obeyed.
    pub(super) fn html(&self) -> String {
        let mut html = String::new();
        push_html(&mut html, self.events());
        html
    }

    fn events(&self) -> impl Iterator<Item = Event<'static>> {
        let mut anchors = self.sections.iter().map(|section| section.anchor.clone());
        let mut is_title = false;
        Parser::new_ext(self.text, Options::ENABLE_TABLES).flat_map(move |event| {
            let raw = |html: &'static str| Event::Html(CowStr::Borrowed(html));
            match event {
                Event::Start(Tag::Heading { level: HeadingLevel::H1, .. }) => {
                    is_title = true;
                    Vec::new()
                }
                Event::End(TagEnd::Heading(HeadingLevel::H1)) => {
                    is_title = false;
                    Vec::new()
                }
                _ if is_title => Vec::new(),
                Event::Start(Tag::Heading { level, classes, attrs, .. }) => {
                    let id = anchors.next().map(CowStr::from);
                    vec![Event::Start(Tag::Heading { level, id, classes, attrs })]
                }
                Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                    let dest_url = dest_url.replace(".md", "").into();
                    vec![Event::Start(Tag::Link { link_type, dest_url, title, id })]
                }
                Event::Start(Tag::Table(alignments)) => {
                    vec![raw("<div class=\"scroll\" tabindex=\"0\">"), Event::Start(Tag::Table(alignments))]
                }
                Event::End(TagEnd::Table) => vec![Event::End(TagEnd::Table), raw("</div>")],
                Event::Html(html) | Event::InlineHtml(html) => vec![Event::Text(html)],
                event => vec![event],
            }
        })
    }
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
