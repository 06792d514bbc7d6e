//! Upload and download of the register as a file, for programs.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::{Json, Problem, Query};

use super::{
    LineFault,
    pages::{empty, import, whole},
    plan::PlanView,
};
use crate::school::Employee;

/// Whether to look only.
#[derive(Debug, Default, Deserialize, utoipa::IntoParams)]
pub(crate) struct Mode {
    /// `true`: says what the file would change, and changes nothing.
    #[serde(default)]
    check: bool,
}

const PROBLEM: &str = "application/problem+json";

/// Why a file is not taken: a problem document (RFC 9457) with every fault.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ImportProblem {
    /// HTTP status, repeated.
    status: u16,
    /// What is wrong, in Russian.
    title: String,
    /// Always `bad-register`, the `code` of the problem.
    code: &'static str,
    /// The first hundred faults, each with its place.
    errors: Vec<LineFault>,
    /// How many more there are.
    more: usize,
}

/// Uploads a register as `text/csv`: UTF-8, UTF-16 or windows-1251, with `;`, `,` or tabs. It is taken whole or, with a fault in any line, not at all.
#[utoipa::path(post, path = "/api/school/import", tag = "school", params(Mode),
    request_body(content = String, content_type = "text/csv"),
    responses((status = 200, body = PlanView), (status = 400, body = ImportProblem, content_type = "application/problem+json"), (status = 401), (status = 403),
        (status = 413), (status = 415)))]
pub(crate) async fn upload(
    employee: Employee,
    Query(mode): Query<Mode>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Forms of other sites cannot send this content type.
    if !given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case("text/csv")) {
        let message = "Тело запроса должно быть text/csv";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", message).of("Content-Type"));
    }
    Ok(match import(&employee, &body, !mode.check).await? {
        Ok(view) => Json(view).into_response(),
        Err(faults) => {
            let title = match faults.more() {
                0 => "В файле есть ошибки, ничего не загружено".to_owned(),
                untold => format!("В файле есть ошибки, ничего не загружено. Показаны первые, и ещё {untold}"),
            };
            let code = "bad-register";
            let errors = faults.told().to_vec();
            let problem = Json(ImportProblem { status: 400, title, code, errors, more: faults.more() });
            (StatusCode::BAD_REQUEST, [(header::CONTENT_TYPE, PROBLEM)], problem).into_response()
        }
    })
}

/// An empty register to fill in, `text/csv`.
#[utoipa::path(get, path = "/api/school/import/template.csv", tag = "school",
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401), (status = 403)))]
pub(crate) async fn template_csv(employee: Employee) -> Result<Response, Problem> {
    empty(employee).await
}

/// The register of this school as `text/csv`, as it can be uploaded again.
#[utoipa::path(get, path = "/api/school/register.csv", tag = "school",
    responses((status = 200, body = String, content_type = "text/csv"), (status = 401), (status = 403)))]
pub(crate) async fn register_csv(employee: Employee) -> Result<Response, Problem> {
    whole(employee).await
}
