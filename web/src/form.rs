//! Reading what a request carries, with refusals that name the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use esia::language::{pick, tr};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    Problem,
    csrf::{Csrf, FIELD},
    json::{read_json, understood},
};

/// A form of one of this server's own pages: `application/x-www-form-urlencoded`, with the CSRF token.
#[derive(Debug)]
pub struct Form<T>(pub T);

/// A form with nothing but its button and the CSRF token.
#[derive(Debug, Deserialize)]
pub struct NoFields {}

/// What was typed into a field, without blanks around it; nothing for a field that was left empty.
pub fn filled(field: Option<String>) -> Option<String> {
    field.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A JSON body, or a JSON answer. The content type must say so, which keeps forms of other sites out.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// The query of a URL.
#[derive(Debug)]
pub struct Query<T>(pub T);

fn has_type(headers: &HeaderMap, wanted: &str) -> bool {
    let given = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    given.split(';').next().is_some_and(|essence| essence.trim().eq_ignore_ascii_case(wanted))
}

fn wrong_type(wanted: &str) -> Problem {
    let message = tr!("Тело запроса должно быть {wanted}", "The body of the request must be {wanted}");
    Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", message).of("Content-Type")
}

/// Says in our words what a library says of a form or a query, as: missing field `x`. Its words carry the field's name in
/// backticks, or before a colon.
fn blame(text: &str) -> Problem {
    let before_colon = text.rsplit_once(": ").and_then(|(before, _)| before.rsplit([' ', ':']).next());
    let is_name = |name: &&str| {
        !name.is_empty() && name.bytes().all(|sign| sign.is_ascii_alphanumeric() || b"_-".contains(&sign))
    };
    let field = text.split('`').nth(1).or(before_colon.filter(is_name)).unwrap_or("body");
    let what = if text.contains("missing field") {
        pick("его нет, а оно нужно", "it is missing and needed").to_owned()
    } else if text.contains("unknown field") {
        pick("такого здесь нет", "there is no such field here").to_owned()
    } else if text.contains("duplicate field") {
        pick("повторяется", "it is there more than once").to_owned()
    } else {
        understood(text.to_owned())
    };
    if field == "body" {
        return Problem::bad_request(field, tr!("Запрос не читается: {what}", "The request cannot be read: {what}"));
    }
    Problem::bad_request(field, tr!("Поле «{field}»: {what}", "Field «{field}»: {what}"))
}

fn broken(_: BytesRejection) -> Problem {
    Problem::bad_request("body", pick("Тело запроса не читается", "The body of the request cannot be read"))
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        const URLENCODED: &str = "application/x-www-form-urlencoded";
        let csrf = request.extensions().get::<Csrf>().cloned().unwrap_or_default();
        if !has_type(request.headers(), URLENCODED) {
            return Err(wrong_type(URLENCODED));
        }
        let body = Bytes::from_request(request, state).await.map_err(broken)?;
        let sent = url::form_urlencoded::parse(&body).find(|(name, _)| name == FIELD).map(|(_, token)| token);
        csrf.check(sent.as_deref())?;
        serde_html_form::from_bytes(&body).map(Form).map_err(|error| blame(&error.to_string()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        // The second is JSON that says of itself how it changes what is there (RFC 7396).
        if !["application/json", "application/merge-patch+json"].iter().any(|kind| has_type(request.headers(), kind)) {
            return Err(wrong_type("application/json"));
        }
        let body = Bytes::from_request(request, state).await.map_err(broken)?;
        read_json(&body).map(Json)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|error| blame(&error.body_text()))
    }
}
