//! JSON API of the administrator's queue.

use axum::{extract::Path, http::StatusCode};
use web::{Json, Problem, Query};

use super::{
    forms::DeclineForm,
    queue::{Wanted, decide, queue, queued},
    view::QueuedView,
};
use crate::{error::first, school::Employee};

/// Applications to this school, a hundred at a time (R003.5).
#[utoipa::path(get, path = "/api/school/applications", tag = "school", params(Wanted),
    responses((status = 200, body = [QueuedView]), (status = 400), (status = 401), (status = 403)))]
pub(crate) async fn list(employee: Employee, Query(wanted): Query<Wanted>) -> Result<Json<Vec<QueuedView>>, Problem> {
    Ok(Json(employee.visitor.world.read(|diary, _| queue(&employee, diary, &wanted)).await??))
}

/// One application to this school.
#[utoipa::path(get, path = "/api/school/applications/{id}", tag = "school",
    responses((status = 200, body = QueuedView), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn one(employee: Employee, Path(id): Path<u32>) -> Result<Json<QueuedView>, Problem> {
    Ok(Json(employee.visitor.world.read(|diary, _| queued(&employee, diary, id)).await??))
}

/// Accepts an application: the applicant stands on the card as an active user, and the diary opens.
#[utoipa::path(post, path = "/api/school/applications/{id}/accept", tag = "school",
    responses((status = 204), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn accept(employee: Employee, Path(id): Path<u32>) -> Result<StatusCode, Problem> {
    decide(&employee, id, None).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Declines an application, and says why.
#[utoipa::path(post, path = "/api/school/applications/{id}/decline", tag = "school", request_body = DeclineForm,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404), (status = 409)))]
pub(crate) async fn decline(
    employee: Employee,
    Path(id): Path<u32>,
    Json(form): Json<DeclineForm>,
) -> Result<StatusCode, Problem> {
    let reason = form.read().map_err(first)?;
    decide(&employee, id, Some(reason)).await??;
    Ok(StatusCode::NO_CONTENT)
}
