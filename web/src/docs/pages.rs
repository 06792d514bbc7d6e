//! `/control/docs/`: the contents of the book, a search, and each page with a table of its contents.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query},
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use esia::language::pick;
use serde::Deserialize;

use super::{
    book::{Part, code, page, page_in, parts_in, pictures, shelf},
    document::Document,
    render::{Links, html},
    search::{Hit, found},
};
use crate::{Frame, Page, Problem, ReaderLanguage};

/// The pages, behind the guard of the control API.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/control/docs", get(list))
        .route("/control/docs/", get(list))
        .route("/control/docs/search", get(search))
        .route("/control/docs/pictures/{name}", get(picture))
        .route("/control/docs/{name}", get(read))
}

#[derive(Template)]
#[template(path = "console/documents.html")]
struct ListPage {
    frame: Frame,
    reads: ReaderLanguage,
    parts: Vec<&'static Part>,
    /// Pages that are written in the other language alone.
    others: Vec<&'static Document>,
    query: String,
}

async fn list(frame: Frame, reads: ReaderLanguage) -> Page<ListPage> {
    let own = code(reads.0);
    let parts = parts_in(own).collect();
    let others = shelf(reads.0).filter(|page| page.language != own).collect();
    Page(ListPage { frame, reads, parts, others, query: String::new() })
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    q: String,
}

#[derive(Template)]
#[template(path = "console/documents-found.html")]
struct FoundPage {
    frame: Frame,
    reads: ReaderLanguage,
    query: String,
    hits: Vec<Hit>,
}

async fn search(Query(asked): Query<Asked>, frame: Frame, reads: ReaderLanguage) -> Page<FoundPage> {
    Page(FoundPage { hits: found(&asked.q, reads.0), frame, reads, query: asked.q })
}

#[derive(Template)]
#[template(path = "console/document.html")]
struct DocumentPage {
    frame: Frame,
    reads: ReaderLanguage,
    document: &'static Document,
    /// The same page in the other language, where it is written in both.
    has_translation: bool,
    next: Option<&'static Document>,
    html: String,
    query: String,
}

async fn read(Path(name): Path<String>, frame: Frame, reads: ReaderLanguage) -> Result<Page<DocumentPage>, Problem> {
    let document = page(&name, reads.0).ok_or_else(|| {
        Problem::not_found(pick("Такого документа нет", "There is no such document"))
            .or(pick("Список документов: GET /control/docs/", "List of documents: GET /control/docs/"))
    })?;
    let has_translation = ["ru", "en"].iter().all(|language| page_in(&name, language).is_some());
    let next = shelf(reads.0).skip_while(|page| page.name != name).nth(1);
    let html = html(document, Links::Served);
    Ok(Page(DocumentPage { frame, reads, document, has_translation, next, html, query: String::new() }))
}

async fn picture(Path(name): Path<String>) -> Result<Response, Problem> {
    let found = pictures().find(|(path, _)| path.strip_prefix("pictures/") == Some(&name));
    let (_, png) = found.ok_or_else(|| Problem::not_found(pick("Такой картинки нет", "There is no such picture")))?;
    Ok(([(header::CONTENT_TYPE, "image/png"), (header::CACHE_CONTROL, "private, max-age=3600")], png).into_response())
}
