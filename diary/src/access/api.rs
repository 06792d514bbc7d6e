//! JSON API of access applications, and the code, status and next step of each refusal.

use axum::{extract::Path, http::StatusCode};
use serde::Serialize;
use utoipa::ToSchema;
use web::{Json, Problem};

use super::{
    forms::ApplicationForm,
    model::ApplicationError,
    pages::{file, own, own_one},
    view::ApplicationView,
};
use crate::{error::first, signin::Visitor};

impl ApplicationError {
    /// Returns a stable code for pages, logs and tests.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::NotHere => "no-applications",
            Self::NoPupil => "pupil-not-found",
            Self::Ambiguous => "pupil-ambiguous",
            Self::Yourself => "yourself",
            Self::Already => "already-filed",
            Self::HasAccess => "has-access",
            Self::TooMany => "too-many-applications",
            Self::Unknown => "not-found",
            Self::Decided => "already-decided",
            Self::SnilsTaken(_) => "snils-taken",
        }
    }

    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::NotHere => StatusCode::FORBIDDEN,
            Self::NoPupil | Self::Unknown => StatusCode::NOT_FOUND,
            Self::Ambiguous | Self::Yourself => StatusCode::BAD_REQUEST,
            Self::Already | Self::HasAccess | Self::Decided | Self::SnilsTaken(_) => StatusCode::CONFLICT,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
        }
    }

    /// Returns the form field at which the refusal is shown.
    pub(crate) const fn field(&self) -> Option<&'static str> {
        match self {
            Self::Ambiguous => Some("child_snils"),
            Self::Yourself => Some("child"),
            _ => None,
        }
    }

    /// Returns the next step for the person, in Russian.
    pub(crate) const fn way_out(&self) -> &'static str {
        match self {
            Self::NotHere => "Как открыть дневник, написано на странице «Рабочее поле»",
            Self::NoPupil => {
                "Проверьте фамилию, имя, отчество и дату рождения ребёнка: они должны быть такими, как в школе. \
                 Если всё верно, обратитесь в школу: возможно, ошибка в её журнале."
            }
            Self::Ambiguous => "Укажите СНИЛС ребёнка",
            Self::Yourself => "Укажите фамилию, имя, отчество и дату рождения ребёнка",
            Self::Already => "Дождитесь решения школы: оно появится на странице «Доступ к дневнику».",
            Self::HasAccess => "Откройте дневник с рабочего поля.",
            Self::TooMany => "Дождитесь решения школы по заявлениям, которые уже поданы.",
            Self::Unknown => "Все заявления — на странице со списком",
            Self::Decided => "Откройте заявление заново, чтобы увидеть решение",
            Self::SnilsTaken(_) => "Исправьте СНИЛС или имя этого родителя в журнале и вернитесь к заявлению",
        }
    }
}

/// A new application.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct FiledView {
    /// Number of the application, as in its address.
    id: u32,
}

/// My applications for access to a diary, the newest first (R003.5).
#[utoipa::path(get, path = "/api/access/applications", tag = "access",
    responses((status = 200, body = [ApplicationView]), (status = 401), (status = 403)))]
pub(crate) async fn list(visitor: Visitor) -> Result<Json<Vec<ApplicationView>>, Problem> {
    Ok(Json(visitor.world.read(|diary, _| own(&visitor, diary)).await??))
}

/// One of my applications.
#[utoipa::path(get, path = "/api/access/applications/{id}", tag = "access",
    responses((status = 200, body = ApplicationView), (status = 401), (status = 403), (status = 404)))]
pub(crate) async fn one(visitor: Visitor, Path(id): Path<u32>) -> Result<Json<ApplicationView>, Problem> {
    Ok(Json(visitor.world.read(|diary, _| own_one(&visitor, diary, id)).await??))
}

/// Applies for access to a child's diary. The applicant's own data are the account's.
#[utoipa::path(post, path = "/api/access/applications", tag = "access", request_body = ApplicationForm,
    responses((status = 201, body = FiledView), (status = 400), (status = 401), (status = 403), (status = 404),
        (status = 409), (status = 429)))]
pub(crate) async fn apply(
    visitor: Visitor,
    Json(form): Json<ApplicationForm>,
) -> Result<(StatusCode, Json<FiledView>), Problem> {
    let today = visitor.world.read(|_, now| worlds::moscow::date(now)).await?;
    let request = form.read(today).map_err(first)?;
    let id = file(&visitor, &request).await?;
    Ok((StatusCode::CREATED, Json(FiledView { id })))
}
