//! Reference page of the control API, from the OpenAPI documents of both servers.

use std::{collections::BTreeMap, fmt::Write as _, sync::Arc};

use serde_json::Value;
use url::Url;
use web::{Bound, Running, Settings};
use worlds::{SystemWall, store::MemoryStore};

use super::markdown::{cell, code, table};
use crate::{exit::CliError, language::pick, net};

/// HTTP methods in the order of the table.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// Endpoint with its description.
struct Operation {
    path: String,
    method: &'static str,
    summary: String,
    at: Vec<&'static str>,
}

pub(super) async fn page() -> Result<String, CliError> {
    let documents = [("idp", of_idp().await?), ("diary", of_diary().await?)];
    let mut tags: BTreeMap<String, Vec<Operation>> = BTreeMap::new();
    for (server, document) in &documents {
        gather(server, document, &mut tags);
    }
    let mut text = head().to_owned();
    let columns = [pick("запрос", "request"), pick("сервер", "server"), pick("что делает", "what it does")];
    for (tag, operations) in &tags {
        let rows: Vec<_> = operations.iter().map(row).collect();
        // Writing to a String cannot fail.
        let _ = write!(text, "## {tag}\n\n{}", table(&columns, &rows));
    }
    Ok(text.trim_end().to_owned() + "\n")
}

fn head() -> &'static str {
    pick(
        "# Адреса обоих серверов\n\nВсё, что можно сделать в консоли, можно попросить и программой. Здесь названы адреса; поля, ответы и \
         примеры — на странице `/control/openapi/` работающего сервера и в `/control/openapi.json` (OpenAPI 3.1), откуда и взята эта \
         страница: поэтому описания по-английски. У мира, кроме `main`, перед каждым адресом стоит `/w/ИМЯ`. `idp` — макет Госуслуг, \
         `diary` — дневник.\n\n",
        "# Addresses of both servers\n\nWhatever can be done in the console can be asked for by a program. Here are the addresses; fields, \
         answers and examples stand at `/control/openapi/` of a running server and in `/control/openapi.json` (OpenAPI 3.1), from which \
         this page is written. For a world other than `main`, `/w/NAME` stands before each address. `idp` is the mock Gosuslugi, `diary` \
         the diary.\n\n",
    )
}

fn row(operation: &Operation) -> Vec<String> {
    let Operation { path, method, summary, at } = operation;
    vec![code(&format!("{} {path}", method.to_uppercase())), at.join(", "), cell(summary)]
}

fn gather(server: &'static str, document: &Value, tags: &mut BTreeMap<String, Vec<Operation>>) {
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for method in METHODS {
            let described = &item[method];
            if described.is_null() {
                continue;
            }
            let tag = described["tags"][0].as_str().unwrap_or("control").to_owned();
            let summary = described["summary"].as_str().unwrap_or_default().to_owned();
            let operations = tags.entry(tag).or_default();
            match operations.iter_mut().find(|known| known.path == *path && known.method == method) {
                Some(known) => known.at.push(server),
                None => operations.push(Operation { path: path.clone(), method, summary, at: vec![server] }),
            }
        }
    }
}

async fn of_idp() -> Result<Value, CliError> {
    let bound = bound().await?;
    let settings = Settings::on(bound.address());
    let options = idp::Options::default();
    let router = idp::server(settings, Arc::new(MemoryStore::default()), Arc::new(SystemWall), options).await;
    document(bound.spawn(router.map_err(CliError::could_not_run)?)).await
}

async fn of_diary() -> Result<Value, CliError> {
    let bound = bound().await?;
    let settings = Settings::on(bound.address());
    let options = diary::Options::default();
    let router = diary::server(settings, Arc::new(MemoryStore::default()), Arc::new(SystemWall), options).await;
    document(bound.spawn(router.map_err(CliError::could_not_run)?)).await
}

async fn bound() -> Result<Bound, CliError> {
    Bound::to(([127, 0, 0, 1], 0).into()).await.map_err(CliError::could_not_run)
}

/// Fetches a server's OpenAPI document.
async fn document(server: Running) -> Result<Value, CliError> {
    let url: Url = format!("{}/control/openapi.json", server.url()).parse().map_err(CliError::could_not_run)?;
    let client = net::client(&url).build().map_err(CliError::could_not_run)?;
    let answer = client.get(url).send().await.map_err(CliError::could_not_run)?;
    answer.json().await.map_err(CliError::could_not_run)
}
