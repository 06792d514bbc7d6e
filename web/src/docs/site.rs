//! The book as a site of static files: a folder for each language, one stylesheet, no script.

use askama::Template;

use super::{
    book::{Part, page_in, pages, parts_in},
    document::Document,
    render::{Links, html},
};
use crate::ReaderLanguage;
use worlds::mistakes::Language;

/// A file of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SitePage {
    /// Its path in the folder of the site, `ru/time.html`.
    pub path: String,
    /// All that it says.
    pub text: String,
}

#[derive(Template)]
#[template(path = "console/document-file.html")]
struct FilePage<'s> {
    document: &'s Document,
    reads: ReaderLanguage,
    has_translation: bool,
    parts: Vec<&'static Part>,
    html: String,
}

/// The files of the whole site.
///
/// # Errors
/// A page that its template does not take.
pub fn book_site() -> Result<Vec<SitePage>, askama::Error> {
    let css = SitePage { path: "book.css".to_owned(), text: include_str!("../../assets/base.css").to_owned() };
    let first = ["ru/index.html", "en/index.html"].map(|page| format!("<li><a href=\"{page}\">{page}</a></li>"));
    let start = format!(
        "<!doctype html><html lang=\"ru\"><meta charset=\"utf-8\"><title>esia-stand</title><link rel=\"stylesheet\" \
         href=\"book.css\"><main><h1>esia-stand</h1><ul>{}</ul></main></html>\n",
        first.concat()
    );
    let start = SitePage { path: "index.html".to_owned(), text: start };
    let files = pages().map(file).collect::<Result<Vec<_>, _>>()?;
    Ok([css, start].into_iter().chain(files).collect())
}

fn file(document: &'static Document) -> Result<SitePage, askama::Error> {
    let language = if document.language == "ru" { Language::Russian } else { Language::English };
    let page = FilePage {
        document,
        reads: ReaderLanguage(language),
        has_translation: ["ru", "en"].iter().all(|language| page_in(document.name, language).is_some()),
        parts: parts_in(document.language).collect(),
        html: html(document, Links::Files),
    };
    Ok(SitePage { path: format!("{}/{}.html", document.language, document.name), text: page.render()? })
}
