//! `/control/worlds`: made, listed, forked, exported, imported, dropped.

use std::sync::Arc;

use axum::{
    Extension,
    extract::{Path, State},
    http::StatusCode,
};
use chrono::{DateTime, Utc};
use esia::language::pick;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use worlds::{Export, SeedDocument, WorldName};

use super::caller::Caller;
use crate::{AnyWorld, Json, Problem, WorldUrl, problem::ProblemDetails, stand::Stand};

/// A world in brief.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WorldView {
    /// Name in addresses and cookies.
    name: String,
    /// Its seed's title.
    title: String,
    /// Its base URL, in the way that this request was addressed.
    url: String,
    /// Now, by the world's clock.
    now: DateTime<Utc>,
    /// Number of its events.
    seq: u64,
    /// In a list: when it is dropped unless somebody asks for it, by the machine's clock; absent where that never happens.
    #[serde(skip_serializing_if = "Option::is_none")]
    drops_at: Option<DateTime<Utc>>,
}

/// What a world is made from.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewWorld {
    /// Its name: a-z, 0-9 and hyphens.
    #[schema(value_type = String, pattern = "^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$")]
    name: WorldName,
    /// The seed document, or the name of one of the documented suite; its JSON Schema is printed by
    /// `esia-stand check --schema`. Without it the world is empty.
    #[serde(default)]
    #[schema(value_type = Object)]
    seed: Value,
}

/// A new name.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewName {
    /// The name of the fork.
    #[schema(value_type = String)]
    name: WorldName,
}

/// An exported world coming in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Import {
    /// Another name than the one it had.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Option<WorldName>,
    /// What `GET /control/worlds/{name}/export` answered.
    #[schema(value_type = Object)]
    export: Export,
}

fn view(world: &Arc<dyn AnyWorld>, world_url: &WorldUrl) -> WorldView {
    let name = world.name().to_string();
    let prefix = if world.name().is_main() { String::new() } else { format!("/w/{name}") };
    WorldView {
        title: world.genesis().seed.title.clone(),
        url: format!("{}{prefix}", world_url.origin),
        now: world.now(),
        seq: world.seq(),
        drops_at: None,
        name,
    }
}

fn parse(name: &str) -> Result<WorldName, Problem> {
    name.parse().map_err(|error| Problem::no_world(&error))
}

/// Lists all worlds in the order of names.
#[utoipa::path(get, path = "/control/worlds", tag = "worlds", responses((status = 200, body = [WorldView])))]
pub(crate) async fn list(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    world_url: WorldUrl,
) -> Result<Json<Vec<WorldView>>, Problem> {
    let seen = stand.worlds.list().await?.into_iter().filter(|world| caller.sees(&world.name));
    let list = seen.map(|world| WorldView {
        url: format!(
            "{}{}",
            world_url.origin,
            if world.name.is_main() { String::new() } else { format!("/w/{}", world.name) }
        ),
        name: world.name.to_string(),
        title: world.title,
        now: world.now,
        seq: world.seq,
        drops_at: world.drops_at,
    });
    Ok(Json(list.collect()))
}

/// Makes a world from a seed document.
#[utoipa::path(post, path = "/control/worlds", tag = "worlds", request_body = NewWorld,
    responses((status = 201, body = WorldView), (status = 400, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn create(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    world_url: WorldUrl,
    Json(new): Json<NewWorld>,
) -> Result<(StatusCode, Json<WorldView>), Problem> {
    let seed = stand.read_seed(new.seed)?;
    caller.may_make(&new.name, &seed)?;
    let world = stand.worlds.create(new.name, seed).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &world_url))))
}

/// Shows one world.
#[utoipa::path(get, path = "/control/worlds/{name}", tag = "worlds",
    responses((status = 200, body = WorldView), (status = 404, body = ProblemDetails)))]
pub(crate) async fn get(
    State(stand): State<Stand>,
    world_url: WorldUrl,
    Path(name): Path<String>,
) -> Result<Json<WorldView>, Problem> {
    let world = stand.worlds.get(&parse(&name)?).await?;
    Ok(Json(view(&world, &world_url)))
}

/// Drops a world as a whole.
#[utoipa::path(delete, path = "/control/worlds/{name}", tag = "worlds",
    responses((status = 204), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn delete(State(stand): State<Stand>, Path(name): Path<String>) -> Result<StatusCode, Problem> {
    drop_world(&stand, &parse(&name)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Drops a world, which may not be `main`.
///
/// # Errors
/// 409 for `main`, 404 where there is none.
pub(crate) async fn drop_world(stand: &Stand, name: &WorldName) -> Result<(), Problem> {
    if name.is_main() {
        return Err(Problem::conflict(
            "main-world",
            pick("Мир main нельзя удалить: он стоит у корня", "World main cannot be deleted: it stands at the root"),
        ));
    }
    if stand.worlds.delete(name).await? { Ok(()) } else { Err(::worlds::store::StoreError::Gone(name.clone()).into()) }
}

/// Begins a world anew from its seed. Sessions, codes and tokens of before are good no longer.
#[utoipa::path(post, path = "/control/worlds/{name}/reset", tag = "worlds",
    responses((status = 200, body = WorldView), (status = 404, body = ProblemDetails)))]
pub(crate) async fn reset(
    State(stand): State<Stand>,
    world_url: WorldUrl,
    Path(name): Path<String>,
) -> Result<Json<WorldView>, Problem> {
    let world = stand.reset(&parse(&name)?).await?;
    Ok(Json(view(&world, &world_url)))
}

/// Copies a world under another name. The two share nothing afterwards.
#[utoipa::path(post, path = "/control/worlds/{name}/fork", tag = "worlds", request_body = NewName,
    responses((status = 201, body = WorldView), (status = 404, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn fork(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    world_url: WorldUrl,
    Path(name): Path<String>,
    Json(new): Json<NewName>,
) -> Result<(StatusCode, Json<WorldView>), Problem> {
    caller.may_make(&new.name, &SeedDocument::default())?;
    let world = stand.worlds.fork(&parse(&name)?, new.name).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &world_url))))
}

/// A whole world as one JSON document.
#[utoipa::path(get, path = "/control/worlds/{name}/export", tag = "worlds",
    responses((status = 200, body = Object), (status = 404, body = ProblemDetails)))]
pub(crate) async fn export(State(stand): State<Stand>, Path(name): Path<String>) -> Result<Json<Export>, Problem> {
    Ok(Json(stand.worlds.export(&parse(&name)?).await?))
}

/// Makes a world from an exported one.
#[utoipa::path(post, path = "/control/worlds/import", tag = "worlds", request_body = Import,
    responses((status = 201, body = WorldView), (status = 400, body = ProblemDetails), (status = 409, body = ProblemDetails)))]
pub(crate) async fn import(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
    world_url: WorldUrl,
    Json(import): Json<Import>,
) -> Result<(StatusCode, Json<WorldView>), Problem> {
    let name = import.name.as_ref().unwrap_or(&import.export.name);
    caller.may_make(name, &import.export.genesis.seed)?;
    let world = stand.worlds.import(import.export, import.name).await?;
    Ok((StatusCode::CREATED, Json(view(&world, &world_url))))
}
