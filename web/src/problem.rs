//! What goes wrong with a request, and who is told how.

use std::fmt;

use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::language::{pick, spoken, tr};
use serde::Serialize;
use utoipa::ToSchema;
use worlds::{
    ActError, WorldError,
    store::{Failure, FailureKind, StoreError},
};

/// A refusal for a person or a program. Handlers return it; [`crate::Front`] shows it as a page, or as a problem document
/// (RFC 9457) on JSON endpoints.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Status of the HTTP answer.
    pub status: StatusCode,
    /// Stable name for logs, tests and programs, as `already-redeemed`.
    pub code: &'static str,
    /// What is wrong, one sentence, in the language that was spoken when it was said.
    pub message: String,
    /// The field that is at fault.
    pub field: Option<String>,
    /// What to do next.
    pub way_out: Option<String>,
}

/// A [`Problem`] on the wire: `application/problem+json` (RFC 9457).
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Problem)]
pub(crate) struct ProblemDetails<'t> {
    /// HTTP status, repeated.
    status: u16,
    /// What is wrong, in the language of `Content-Language`.
    title: &'t str,
    /// Stable name of the refusal.
    code: &'t str,
    /// The field at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'t str>,
    /// What to do next.
    #[serde(skip_serializing_if = "Option::is_none")]
    way_out: Option<&'t str>,
}

impl Problem {
    /// A refusal of any status.
    pub fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), field: None, way_out: None }
    }

    /// 400: a field is wrong.
    pub fn bad_request(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self { field: Some(field.into()), ..Self::new(StatusCode::BAD_REQUEST, "bad-request", message) }
    }

    /// 404: there is no such thing, or not for the one who asks.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", message)
    }

    /// 409: the state of things does not allow it.
    pub fn conflict(code: &'static str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, code, message)
    }

    /// 403: more than a team may have.
    pub(crate) fn team_limit(message: String) -> Self {
        Self::new(StatusCode::FORBIDDEN, "team-limit", message)
    }

    /// 500; the reason goes to the log alone.
    pub fn internal(reason: impl fmt::Display) -> Self {
        tracing::error!(%reason, "internal error");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            pick("Внутренняя ошибка мока", "An internal error of the mock"),
        )
    }

    /// 404 for a world.
    pub(crate) fn no_world(reason: &dyn fmt::Display) -> Self {
        Self {
            way_out: Some(
                pick("Создайте мир: POST /control/worlds", "Make the world: POST /control/worlds").to_owned(),
            ),
            ..Self::new(StatusCode::NOT_FOUND, "no-world", reason.to_string())
        }
    }

    /// 405; `allow` is what the header of that name says.
    pub(crate) fn wrong_method(method: &Method, allow: &str) -> Self {
        let all: Vec<_> = allow.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        let named: Vec<_> = all.iter().copied().filter(|name| *name != "HEAD" || !all.contains(&"GET")).collect();
        let message = match named.as_slice() {
            [] => tr!("Метод {method} здесь не поддерживается", "Method {method} is not supported here"),
            [one] => tr!(
                "Метод {method} здесь не поддерживается; можно {one}",
                "Method {method} is not supported here; {one} is"
            ),
            [first @ .., last] => {
                tr!(
                    "Метод {method} здесь не поддерживается; можно {} и {last}",
                    "Method {method} is not supported here; {} and {last} are",
                    first.join(", ")
                )
            }
        };
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", message)
    }

    /// 421: not a name of this server.
    pub(crate) fn misdirected(host: &dyn fmt::Display) -> Self {
        Self {
            way_out: Some(
                pick(
                    "Обращайтесь по 127.0.0.1 или localhost либо задайте --public-url",
                    "Ask at 127.0.0.1 or localhost, or set --public-url",
                )
                .to_owned(),
            ),
            ..Self::new(
                StatusCode::MISDIRECTED_REQUEST,
                "misdirected",
                tr!("Этот сервер не отвечает на имя «{host}»", "This server does not answer to the name «{host}»"),
            )
        }
    }

    /// The same with a way out.
    #[must_use]
    pub fn or(mut self, way_out: impl Into<String>) -> Self {
        self.way_out = Some(way_out.into());
        self
    }

    /// The same, pointing at a field.
    #[must_use]
    pub fn of(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    pub(crate) fn problem(&self) -> Response {
        let problem = ProblemDetails {
            status: self.status.as_u16(),
            title: &self.message,
            code: self.code,
            field: self.field.as_deref(),
            way_out: self.way_out.as_deref(),
        };
        let body = serde_json::to_vec(&problem).unwrap_or_default();
        let headers = [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, spoken().code())];
        self.with_retry((self.status, headers, body).into_response())
    }

    /// Says when to ask again (RFC 9110 §10.2.3), where waiting is all that is needed.
    pub(crate) fn with_retry(&self, mut response: Response) -> Response {
        let is_over_soon = [FailureKind::Busy, FailureKind::Unreachable].iter().any(|kind| self.code == kind.code());
        if self.code == "busy" || is_over_soon {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("1"));
        }
        response
    }
}

impl IntoResponse for Problem {
    /// Carries itself to [`crate::Front`], which knows the place and whether a page or JSON is wanted.
    fn into_response(self) -> Response {
        let mut response = self.problem();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Gone(_) => Self::no_world(&error),
            StoreError::Exists(_) => Self::conflict("world-exists", error.to_string()).of("name"),
            StoreError::Raced => Self::new(
                StatusCode::SERVICE_UNAVAILABLE,
                "busy",
                pick("Мир занят, повторите запрос", "The world is busy: send the request again"),
            ),
            StoreError::Medium(failure) => Self::of_store(failure),
            StoreError::Failed(_) => Self::internal(&error),
        }
    }
}

impl Problem {
    /// What a medium did not do; where exactly and why goes to the log alone.
    fn of_store(failure: &Failure) -> Self {
        tracing::error!(code = failure.kind.code(), %failure, "the store failed");
        let (status, message, way_out) = match failure.kind {
            FailureKind::Full => (
                StatusCode::INSUFFICIENT_STORAGE,
                pick("На диске нет места: ничего не записано", "There is no space on the disk: nothing was recorded"),
                pick(
                    "Освободите место и повторите запрос: перезапускать сервер не нужно",
                    "Free some space and send the request again: the server need not be restarted",
                ),
            ),
            FailureKind::Busy => (
                StatusCode::SERVICE_UNAVAILABLE,
                pick("Хранилище занято: ничего не записано", "The store is busy: nothing was recorded"),
                pick("Повторите запрос немного позже", "Send the request again a little later"),
            ),
            FailureKind::Unreachable => (
                StatusCode::SERVICE_UNAVAILABLE,
                pick(
                    "База данных не отвечает: ничего не записано",
                    "The database does not answer: nothing was recorded",
                ),
                pick(
                    "Повторите запрос немного позже: перезапускать сервер не нужно",
                    "Send the request again a little later: the server need not be restarted",
                ),
            ),
            FailureKind::Lost => (
                StatusCode::SERVICE_UNAVAILABLE,
                pick(
                    "Файл с мирами удалён или подменён: ничего не записано",
                    "The file of worlds was deleted or replaced: nothing was recorded",
                ),
                pick("Верните файл на место и перезапустите сервер", "Put the file back and restart the server"),
            ),
            FailureKind::ReadOnly => (
                StatusCode::SERVICE_UNAVAILABLE,
                pick(
                    "Файл с мирами закрыт для записи: ничего не записано",
                    "The file of worlds may not be written: nothing was recorded",
                ),
                pick(
                    "Разрешите запись в файл и повторите запрос",
                    "Allow writing to the file and send the request again",
                ),
            ),
            FailureKind::Damaged => (
                StatusCode::INTERNAL_SERVER_ERROR,
                pick(
                    "Запись мира в хранилище повреждена: мир не открывается",
                    "The record of the world in the store is damaged: the world does not open",
                ),
                pick(
                    "Что именно не читается, сказано в журнале сервера. Остальные миры работают, этот можно удалить",
                    "The log of the server says what cannot be read. The other worlds work, this one can be deleted",
                ),
            ),
            FailureKind::Taken | FailureKind::Foreign | FailureKind::Other => (
                StatusCode::INTERNAL_SERVER_ERROR,
                pick("Хранилище не отвечает: ничего не записано", "The store does not answer: nothing was recorded"),
                pick("Причина — в журнале сервера", "The log of the server says why"),
            ),
        };
        Self::new(status, failure.kind.code(), message).or(way_out)
    }
}

impl<X: Into<Problem>> From<ActError<X>> for Problem {
    fn from(error: ActError<X>) -> Self {
        match error {
            ActError::Refused(refusal) => refusal.into(),
            ActError::Store(error) => error.into(),
        }
    }
}

impl From<WorldError> for Problem {
    fn from(error: WorldError) -> Self {
        match error {
            WorldError::Seed(seed) => Self {
                way_out: Some(
                    pick("Проверьте документ: esia-stand check ФАЙЛ", "Check the document: esia-stand check FILE")
                        .to_owned(),
                ),
                code: "bad-seed",
                ..Self::bad_request(seed.path, seed.message)
            },
            WorldError::Store(error) => error.into(),
            WorldError::Full(_) | WorldError::Heavy(_) => {
                Self::new(StatusCode::INSUFFICIENT_STORAGE, "full", error.to_string())
            }
            WorldError::Quota(error) => Self::team_limit(error.to_string()).or(pick(
                "Удалите ненужные: DELETE /control/worlds/{name}",
                "Delete those that nobody needs: DELETE /control/worlds/{name}",
            )),
            WorldError::Import(_) => Self::bad_request("export", error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use esia::language::{Language, speaking};

    use super::*;

    #[test]
    fn each_problem_of_a_store_has_a_status_and_a_name_and_says_whether_to_ask_again() {
        let told = |kind| {
            let failure = Failure { kind, file: None, world: None, event: None, reason: "x".to_owned() };
            let problem = Problem::from(StoreError::from(failure));
            assert!(problem.way_out.is_some());
            let retry = problem.problem().headers().contains_key(header::RETRY_AFTER);
            format!("{} {}{}", problem.status.as_u16(), problem.code, if retry { " retry" } else { "" })
        };
        assert_eq!(told(FailureKind::Full), "507 store-full");
        assert_eq!(told(FailureKind::Busy), "503 store-busy retry");
        assert_eq!(told(FailureKind::Unreachable), "503 store-unreachable retry");
        assert_eq!(told(FailureKind::Lost), "503 store-lost");
        assert_eq!(told(FailureKind::ReadOnly), "503 store-read-only");
        assert_eq!(told(FailureKind::Damaged), "500 store-damaged");
        assert_eq!(told(FailureKind::Foreign), "500 store-foreign");
        assert_eq!(told(FailureKind::Taken), "500 store-taken");
        assert_eq!(told(FailureKind::Other), "500 store-failed");
        let every = [
            FailureKind::Full,
            FailureKind::Busy,
            FailureKind::Unreachable,
            FailureKind::Lost,
            FailureKind::ReadOnly,
            FailureKind::Damaged,
            FailureKind::Other,
        ];
        for kind in every {
            let failure = Failure { kind, file: None, world: None, event: None, reason: "x".to_owned() };
            let problem = speaking(Language::English, || Problem::from(StoreError::from(failure)));
            let said = [problem.message, problem.way_out.unwrap_or_default()].concat();
            assert!(said.is_ascii(), "{said}");
        }
        let said = speaking(Language::English, || [Problem::internal("x"), Problem::from(StoreError::Raced)]);
        assert!(said.iter().all(|problem| problem.message.is_ascii()), "{said:?}");
        let raced = Problem::from(StoreError::Raced).problem();
        assert_eq!((raced.status().as_u16(), raced.headers()[header::RETRY_AFTER].as_bytes()), (503, b"1".as_slice()));
    }
}
