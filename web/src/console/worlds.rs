//! Worlds of a stand: made, copied, begun anew and deleted at both servers at once.

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Response},
    routing::{get, post},
};
use esia::language::pick;
use serde::Deserialize;
use serde_json::json;
use worlds::{Summary, WorldName};

use crate::{
    Form, Frame, Json, NoFields, Page, Problem, ReaderLanguage, SeedCatalogue, WorldUrl,
    control::Caller,
    filled,
    peer::{PeerError, PeerWorld},
    see_other,
    stand::Stand,
};

const PAGE: &str = "/control/console/worlds";

pub(super) fn pages() -> Router<Stand> {
    Router::new()
        .route(PAGE, get(list).post(create))
        .route("/control/console/worlds/{name}/copy", post(copy))
        .route("/control/console/worlds/{name}/reset", get(ask_reset).post(reset))
        .route("/control/console/worlds/{name}/delete", get(ask_delete).post(delete))
        .route("/control/console/worlds/{name}/export", get(export))
}

struct Row {
    summary: Summary,
    /// The same world at the other server, if it is there.
    there: Option<String>,
}

#[derive(Template)]
#[template(path = "console/worlds.html")]
struct WorldsPage {
    frame: Frame,
    reads: ReaderLanguage,
    rows: Vec<Row>,
    /// Name and title of the seeds that are known by name.
    seeds: Vec<(String, String)>,
}

async fn list(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    frame: Frame,
    reads: ReaderLanguage,
) -> Result<Page<WorldsPage>, Problem> {
    let there = match &stand.peer {
        Some(peer) => peer.get::<Vec<PeerWorld>>(&WorldName::main(), "/control/worlds").await.unwrap_or_default(),
        None => Vec::new(),
    };
    let row = |summary: Summary| {
        let is_there = there.iter().any(|world| world.name == summary.name.as_str());
        let url = stand.peer.as_ref().filter(|_| is_there).map(|peer| format!("{}/", peer.world(&summary.name)));
        Row { summary, there: url }
    };
    let seen = stand.worlds.list().await?.into_iter().filter(|world| caller.sees(&world.name));
    let rows = seen.map(row).collect();
    let seeds = stand.catalogue.map(SeedCatalogue::titles).unwrap_or_default();
    Ok(Page(WorldsPage { frame, reads, rows, seeds }))
}

fn parse(name: &str) -> Result<WorldName, Problem> {
    name.trim().parse().map_err(|error: ::worlds::NameError| Problem::bad_request("name", error.to_string()))
}

#[derive(Debug, Deserialize)]
struct NewWorld {
    name: String,
    /// Name of a seed; an empty world without one.
    #[serde(default)]
    seed: Option<String>,
}

/// `POST /control/console/worlds`: a world from a seed that is known by name, here and at the other server.
async fn create(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    world_url: WorldUrl,
    Form(form): Form<NewWorld>,
) -> Result<Response, Problem> {
    let name = parse(&form.name)?;
    let seed = match filled(form.seed) {
        Some(known) => stand.seed(&known)?,
        None => ::worlds::SeedDocument::default(),
    };
    caller.may_make(&name, &seed)?;
    stand.worlds.create(name.clone(), seed.clone()).await?;
    let order = json!({ "name": name, "seed": seed });
    at_the_other(&stand, "/control/worlds", &order, pick("Мир создан здесь.", "The world was made here.")).await?;
    Ok(see_other(&world_url, PAGE))
}

#[derive(Debug, Deserialize)]
struct NewName {
    name: String,
}

/// `POST /control/console/worlds/{name}/copy`: a copy under another name.
async fn copy(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    world_url: WorldUrl,
    Path(parent): Path<String>,
    Form(form): Form<NewName>,
) -> Result<Response, Problem> {
    let (parent, name) = (parse(&parent)?, parse(&form.name)?);
    caller.may_make(&name, &::worlds::SeedDocument::default())?;
    stand.worlds.fork(&parent, name.clone()).await?;
    let order = json!({ "name": name });
    at_the_other(
        &stand,
        &format!("/control/worlds/{parent}/fork"),
        &order,
        pick("Мир скопирован здесь.", "The world was copied here."),
    )
    .await?;
    Ok(see_other(&world_url, PAGE))
}

/// What is asked about before it is done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Reset,
    Delete,
}

#[derive(Template)]
#[template(path = "console/world-change.html")]
struct ChangePage {
    frame: Frame,
    reads: ReaderLanguage,
    name: String,
    change: Change,
}

async fn ask_reset(frame: Frame, reads: ReaderLanguage, Path(name): Path<String>) -> Result<Page<ChangePage>, Problem> {
    Ok(Page(ChangePage { frame, reads, name: parse(&name)?.to_string(), change: Change::Reset }))
}

async fn ask_delete(
    frame: Frame,
    reads: ReaderLanguage,
    Path(name): Path<String>,
) -> Result<Page<ChangePage>, Problem> {
    Ok(Page(ChangePage { frame, reads, name: parse(&name)?.to_string(), change: Change::Delete }))
}

/// `POST /control/console/worlds/{name}/reset`: the world begins anew from its seed.
async fn reset(
    State(stand): State<Stand>,
    world_url: WorldUrl,
    Path(name): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let name = parse(&name)?;
    stand.reset(&name).await?;
    at_the_other(
        &stand,
        &format!("/control/worlds/{name}/reset"),
        &json!({}),
        pick("Мир начат заново здесь.", "The world was begun anew here."),
    )
    .await?;
    Ok(see_other(&world_url, PAGE))
}

/// `POST /control/console/worlds/{name}/delete`: the world goes, with all that is in it.
async fn delete(
    State(stand): State<Stand>,
    world_url: WorldUrl,
    Path(name): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let name = parse(&name)?;
    crate::control::worlds::drop_world(&stand, &name).await?;
    if let Some(peer) = &stand.peer {
        let deleted = peer.delete(&format!("/control/worlds/{name}")).await;
        let done = pick("Мир удалён здесь.", "The world was deleted here.");
        deleted.or_else(forgive_absence).map_err(|error| error.problem(peer.base(), done))?;
    }
    // The page of a world that is gone would be nowhere.
    let root = WorldUrl { world: WorldName::main(), prefix: String::new(), ..world_url };
    Ok(see_other(&root, PAGE))
}

/// `GET /control/console/worlds/{name}/export`: the world as a file.
async fn export(State(stand): State<Stand>, Path(name): Path<String>) -> Result<Response, Problem> {
    let name = parse(&name)?;
    let export = stand.worlds.export(&name).await?;
    let file = format!("attachment; filename=\"{}-{name}.json\"", stand.worlds.server());
    Ok(([(header::CONTENT_DISPOSITION, file)], Json(export)).into_response())
}

/// The same at the other server; that it lacks the world is no mistake.
async fn at_the_other(stand: &Stand, path: &str, order: &serde_json::Value, done: &str) -> Result<(), Problem> {
    let Some(peer) = &stand.peer else { return Ok(()) };
    let answer = peer.post::<PeerWorld>(&WorldName::main(), path, order).await.map(drop);
    answer.or_else(forgive_absence).map_err(|error| error.problem(peer.base(), done))
}

fn forgive_absence(error: PeerError) -> Result<(), PeerError> {
    if matches!(error, PeerError::NoWorld) { Ok(()) } else { Err(error) }
}
