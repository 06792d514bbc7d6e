//! JSON API of a teacher's lessons.

use axum::{extract::Path, http::StatusCode};
use web::{Json, Problem, Query};

use super::{
    model::LessonForm,
    view::{LessonAddress, LessonPageView, Part, WeekView, enter, lesson_of, week_of},
};
use crate::school::Employee;

/// The teacher's own lessons of a week.
#[utoipa::path(get, path = "/api/school/lessons", tag = "school", params(Part),
    responses((status = 200, body = WeekView), (status = 400), (status = 401), (status = 403)))]
pub(crate) async fn week(employee: Employee, Query(part): Query<Part>) -> Result<Json<WeekView>, Problem> {
    let read = employee.visitor.world.read(|diary, now| week_of(&employee, diary, &part, worlds::moscow::date(now)));
    Ok(Json(read.await??))
}

/// A lesson of the teacher's: pupils with marks and attendance, homework, and how it all came to be.
#[utoipa::path(get, path = "/api/school/lessons/{class}/{subject}/{date}", tag = "school", params(LessonAddress),
    responses((status = 200, body = LessonPageView), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn lesson(
    employee: Employee,
    Path(address): Path<LessonAddress>,
) -> Result<Json<LessonPageView>, Problem> {
    let read =
        employee.visitor.world.read(|diary, now| lesson_of(&employee, diary, &address, worlds::moscow::date(now)));
    Ok(Json(read.await??))
}

/// Enters, changes and withdraws marks, attendance and homework of a lesson: all that is said, or nothing if any of it is
/// wrong. Pupils who are not named stay as they are.
#[utoipa::path(patch, path = "/api/school/lessons/{class}/{subject}/{date}", tag = "school", params(LessonAddress),
    request_body = LessonForm,
    responses((status = 204), (status = 400), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn record(
    employee: Employee,
    Path(address): Path<LessonAddress>,
    Json(form): Json<LessonForm>,
) -> Result<StatusCode, Problem> {
    enter(&employee, &address, &form).await??;
    Ok(StatusCode::NO_CONTENT)
}
