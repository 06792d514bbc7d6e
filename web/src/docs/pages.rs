//! `/control/docs/`: the list of documents, and each with a table of contents.

use askama::Template;
use axum::{Router, extract::Path, routing::get};

use super::library::{Document, LIBRARY, document};
use crate::{Frame, Page, Problem, ReaderLanguage};

/// The pages, behind the guard of the control API.
pub(crate) fn pages() -> Router {
    Router::new()
        .route("/control/docs", get(list))
        .route("/control/docs/", get(list))
        .route("/control/docs/{name}", get(read))
}

#[derive(Template)]
#[template(path = "console/documents.html")]
struct ListPage {
    frame: Frame,
    reads: ReaderLanguage,
    documents: &'static [Document],
}

async fn list(frame: Frame, reads: ReaderLanguage) -> Page<ListPage> {
    Page(ListPage { frame, reads, documents: LIBRARY.as_slice() })
}

#[derive(Template)]
#[template(path = "console/document.html")]
struct DocumentPage {
    frame: Frame,
    document: &'static Document,
    contents: &'static str,
    html: String,
}

async fn read(Path(name): Path<String>, frame: Frame) -> Result<Page<DocumentPage>, Problem> {
    let document = document(&name)
        .ok_or_else(|| Problem::not_found("Такого документа нет").or("Список документов: GET /control/docs/"))?;
    let contents = if document.language == "ru" { "Содержание" } else { "Contents" };
    Ok(Page(DocumentPage { frame, document, contents, html: document.html() }))
}
