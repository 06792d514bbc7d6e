//! Pages of the book as HTML.

use pulldown_cmark::{CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html};

use super::document::Document;

/// Where links from one page to another lead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links {
    /// To pages of the server, `time#clock`.
    Served,
    /// To files, `time.html#clock`.
    Files,
}

impl Links {
    /// What a link of the Markdown source becomes.
    fn of(self, link: &str) -> String {
        let (path, anchor) = link.split_once('#').map_or((link, None), |(path, anchor)| (path, Some(anchor)));
        let is_foreign = link.contains("://");
        let path = match (path.strip_suffix(".md").filter(|_| !is_foreign), self) {
            // Pages of a server stand beside the folder of pictures, and files in a folder of their language.
            (None, Self::Served) => path.strip_prefix("../").unwrap_or(path).to_owned(),
            (None, Self::Files) => path.to_owned(),
            // A server has one address for a page, whatever its language.
            (Some(page), Self::Served) => page.rsplit('/').next().unwrap_or_default().to_owned(),
            (Some(page), Self::Files) => format!("{page}.html"),
        };
        anchor.map_or(path.clone(), |anchor| format!("{path}#{anchor}"))
    }
}

/// A page as HTML without its title. HTML in it is shown, not obeyed.
pub(super) fn html(document: &Document, links: Links) -> String {
    let mut html = String::new();
    push_html(&mut html, events(document, links));
    html
}

fn events(document: &Document, links: Links) -> impl Iterator<Item = Event<'static>> {
    let mut anchors = document.sections().iter().map(|section| section.anchor.clone());
    let mut is_title = false;
    Parser::new_ext(document.text, Options::ENABLE_TABLES).flat_map(move |event| {
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
                let dest_url = links.of(&dest_url).into();
                vec![Event::Start(Tag::Link { link_type, dest_url, title, id })]
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                let dest_url = links.of(&dest_url).into();
                vec![Event::Start(Tag::Image { link_type, dest_url, title, id })]
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

/// The words of a passage without marks of Markdown, on one line.
pub(super) fn plain(markdown: &str) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES) {
        match event {
            Event::Text(part) | Event::Code(part) | Event::Html(part) | Event::InlineHtml(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(end) if !is_inline(end) => text.push(' '),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether words go on where this ends.
fn is_inline(end: TagEnd) -> bool {
    matches!(end, TagEnd::Emphasis | TagEnd::Strong | TagEnd::Link | TagEnd::Strikethrough)
}
