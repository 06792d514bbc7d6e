//! JSON API of the diary.

use axum::extract::Path;
use serde::Serialize;
use utoipa::ToSchema;
use web::{Json, Problem, Query};

use super::view::{DiaryView, Part, PupilView, diary_of, open_views};
use crate::signin::{Visitor, api::RefusalView};

/// Who is signed in.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeView {
    /// «Фамилия Имя Отчество».
    name: String,
    /// Whether the school's side is open.
    is_staff: bool,
    /// Pupils whose diaries are open.
    pupils: Vec<PupilView>,
    /// Title of the diary's icon on the desk; absent when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    icon: Option<String>,
    /// Why no diary is open to somebody whom the register does not know.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<RefusalView>,
}

/// Who I am here, and whose diaries I may open.
#[utoipa::path(get, path = "/api/me", tag = "diary", responses((status = 200, body = MeView), (status = 401)))]
pub(crate) async fn me(visitor: Visitor) -> Result<Json<MeView>, Problem> {
    let view = visitor.world.read(|diary, _| {
        let profile = &diary.config.profile;
        let why = visitor.stranger.as_ref().map(|stranger| stranger.refusal.words(profile).into());
        let pupils = open_views(diary, &visitor.who).unwrap_or_default();
        let icon = (!pupils.is_empty()).then(|| profile.icon.clone());
        MeView { is_staff: visitor.who.staff.is_some(), name: visitor.who.name.clone(), pupils, icon, why }
    });
    Ok(Json(view.await?))
}

/// A pupil's marks and attendance of a term, and the timetable of a week with homework.
#[utoipa::path(get, path = "/api/diary/{pupil}", tag = "diary", params(Part),
    responses((status = 200, body = DiaryView), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn diary(
    visitor: Visitor,
    Path(pupil): Path<String>,
    Query(part): Query<Part>,
) -> Result<Json<DiaryView>, Problem> {
    let read = visitor.world.read(|diary, now| diary_of(diary, &visitor.who, &pupil, &part, worlds::moscow::date(now)));
    Ok(Json(read.await??))
}
