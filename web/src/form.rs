//! Reading what a request carries, with refusals that name the field.

use axum::{
    body::Bytes,
    extract::{FromRequest, FromRequestParts, Request},
    http::{HeaderMap, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{
    Trouble,
    csrf::{Csrf, FIELD},
};

/// A form of one of this server's own pages: `application/x-www-form-urlencoded`, with the CSRF token.
#[derive(Debug)]
pub struct Form<T>(pub T);

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

fn wrong_type(wanted: &str) -> Trouble {
    let message = format!("Тело запроса должно быть {wanted}");
    Trouble::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", message).of("Content-Type")
}

// Serde's own words, as: missing field `x`. They carry the field's name in backticks.
fn blame(text: &str) -> Trouble {
    let field = text.split('`').nth(1).unwrap_or("body");
    Trouble::bad_request(field, format!("Запрос не читается: {text}"))
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Form<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        const URLENCODED: &str = "application/x-www-form-urlencoded";
        let csrf = request.extensions().get::<Csrf>().cloned().unwrap_or_default();
        let headers = request.headers().clone();
        if !has_type(&headers, URLENCODED) {
            return Err(wrong_type(URLENCODED));
        }
        let body = Bytes::from_request(request, state).await.map_err(|error| blame(&error.body_text()))?;
        let sent = url::form_urlencoded::parse(&body).find(|(name, _)| name == FIELD).map(|(_, token)| token);
        csrf.check(&headers, sent.as_deref())?;
        serde_html_form::from_bytes(&body).map(Form).map_err(|error| blame(&error.to_string()))
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Trouble;

    async fn from_request(request: Request, state: &S) -> Result<Self, Trouble> {
        if !has_type(request.headers(), "application/json") {
            return Err(wrong_type("application/json"));
        }
        let body = Bytes::from_request(request, state).await.map_err(|error| blame(&error.body_text()))?;
        serde_json::from_slice(&body).map(Json).map_err(|error| blame(&error.to_string()))
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Trouble;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Trouble> {
        axum::extract::Query::try_from_uri(&parts.uri)
            .map(|query| Self(query.0))
            .map_err(|error| blame(&error.body_text()))
    }
}
