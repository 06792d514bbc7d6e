//! `/control/team`: who asks, and what they may do.

use axum::{Extension, extract::State};
use serde::Serialize;
use utoipa::ToSchema;
use worlds::store::Size;

use super::caller::Caller;
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
    /// How many bytes their worlds may take before they may make another one; absent when any number.
    #[serde(skip_serializing_if = "Option::is_none")]
    most_bytes: Option<u64>,
    /// How many bytes these take.
    #[serde(skip_serializing_if = "Option::is_none")]
    bytes: Option<u64>,
    /// How many requests the journal of each keeps; absent when as many as any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    most_requests: Option<usize>,
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
    let (most_worlds, most_bytes) = team.map_or((None, None), |team| (team.worlds, team.bytes));
    let size = match team {
        Some(team) if most_worlds.is_some() || most_bytes.is_some() => stand.worlds.size_of(&team.name).await?,
        _ => Size::default(),
    };
    Ok(Json(CallerView {
        team: team.map(|team| team.name.to_string()),
        may: team.map_or(Rights::All, |team| team.may),
        prefix: prefix.unwrap_or_default(),
        most_worlds,
        worlds: most_worlds.map(|_| size.worlds),
        most_bytes,
        bytes: most_bytes.map(|_| size.bytes),
        most_requests: team.and_then(|team| team.requests),
        most_people: team.and_then(|team| team.people),
    }))
}
