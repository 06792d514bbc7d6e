//! `/control/team`: who asks, and what they may do.

use axum::{Extension, extract::State};
use serde::Serialize;
use utoipa::ToSchema;

use super::caller::{Caller, count};
use crate::{Json, Problem, Rights, stand::Stand};

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CallerView {
    /// The team; absent for whoever runs the stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    team: Option<String>,
    /// What they may do.
    may: Rights,
    /// With what the names of worlds that they make begin; empty when any name will do.
    prefix: String,
    /// How many worlds they may have; absent when as many as the server keeps.
    #[serde(skip_serializing_if = "Option::is_none")]
    most_worlds: Option<usize>,
    /// How many of these there are.
    #[serde(skip_serializing_if = "Option::is_none")]
    worlds: Option<usize>,
    /// How many people a world may have; absent when any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    most_people: Option<usize>,
}

/// Says who asks, and what they may do.
#[utoipa::path(get, path = "/control/team", tag = "worlds", responses((status = 200, body = CallerView)))]
pub(crate) async fn read(
    State(stand): State<Stand>,
    Extension(caller): Extension<Caller>,
) -> Result<Json<CallerView>, Problem> {
    let team = caller.team();
    let prefix = team.filter(|team| team.may == Rights::Own).map(|team| format!("{}-", team.name));
    let most_worlds = team.and_then(|team| team.worlds);
    let worlds = match team.zip(most_worlds) {
        Some((team, most)) => Some(count(team, &*stand.worlds, most).await?),
        None => None,
    };
    Ok(Json(CallerView {
        team: team.map(|team| team.name.to_string()),
        may: team.map_or(Rights::All, |team| team.may),
        prefix: prefix.unwrap_or_default(),
        most_worlds,
        worlds,
        most_people: team.and_then(|team| team.people),
    }))
}
