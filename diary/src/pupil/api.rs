//! The diary as JSON.

use axum::extract::Path;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Json, Trouble};

use super::view::{DiaryView, PupilView, diary_of, open_to};
use crate::signin::Visitor;

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeView {
    /// «Фамилия Имя Отчество».
    name: String,
    /// Whether the school's side is open.
    is_staff: bool,
    /// Whose diaries are open.
    pupils: Vec<PupilView>,
}

/// Who I am here, and whose diaries I may open.
#[utoipa::path(get, path = "/api/me", tag = "diary", responses((status = 200, body = MeView), (status = 401)))]
pub(crate) async fn me(visitor: Visitor) -> Result<Json<MeView>, Trouble> {
    let pupils = visitor.world.read(|diary, _| open_to(diary, &visitor.who).unwrap_or_default()).await?;
    Ok(Json(MeView { is_staff: visitor.who.staff.is_some(), name: visitor.who.name, pupils }))
}

/// A pupil's marks, timetable and attendance.
#[utoipa::path(get, path = "/api/diary/{pupil}", tag = "diary",
    responses((status = 200, body = DiaryView), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn diary(visitor: Visitor, Path(pupil): Path<String>) -> Result<Json<DiaryView>, Trouble> {
    Ok(Json(visitor.world.read(|diary, _| diary_of(diary, &visitor.who, &pupil)).await??))
}
