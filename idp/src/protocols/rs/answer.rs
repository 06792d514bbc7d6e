//! Responses of `/rs` in ЕСИА's format (ESIA §4.1, §4.9).

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::{
    error::{RestError, RestErrorBody},
    person::{Collection, Tagged},
};
use serde::Serialize;
use web::Problem;

use super::{
    model::{Keyed, collection},
    natural::Asked,
};
use crate::protocols::ESIA_JSON;

/// Returns a collection or, with an id, one of its elements.
pub(super) fn listed<T: Keyed + Tagged>(
    items: Option<Vec<T>>,
    id: &[&str],
    asked: Asked<'_>,
    address: &str,
) -> Result<Response, RestError> {
    let items = items.ok_or(RestError::ScopeNotAllowed)?;
    match *id {
        [] => Ok(tagged(collection(items, asked.embed.depth(), address))),
        [id] => items.into_iter().find(|item| item.key() == id).map(tagged).ok_or(RestError::NotFound),
        _ => Err(RestError::NotFound),
    }
}

/// Returns a collection whose elements are always embedded. The recorded one has no `eTag`.
pub(super) fn in_line<T: Serialize>(items: Option<Vec<T>>) -> Result<Response, RestError> {
    let mut items = Collection::items(items.ok_or(RestError::ScopeNotAllowed)?).tagged();
    let e_tag = items.e_tag.take();
    Ok(json(StatusCode::OK, &items, e_tag.as_deref()))
}

pub(super) fn tagged<T: Tagged>(mut body: T) -> Response {
    let e_tag = body.tag().clone();
    json(StatusCode::OK, &body, e_tag.as_deref())
}

/// Creates a JSON response of `/rs` in ЕСИА's format.
pub(super) fn json(status: StatusCode, body: &impl Serialize, e_tag: Option<&str>) -> Response {
    let headers = [(header::CONTENT_TYPE, ESIA_JSON), (header::CACHE_CONTROL, "no-store")];
    let body = match serde_json::to_vec(body) {
        Ok(body) => body,
        Err(error) => return Problem::internal(error).into_response(),
    };
    let mut response = (status, headers, body).into_response();
    // The recorded header has no quotation marks.
    if let Some(tag) = e_tag.and_then(|tag| HeaderValue::from_str(tag).ok()) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// Creates an error response of `/rs` (ESIA §4.9).
pub(super) fn refused(error: RestError) -> Response {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::FORBIDDEN);
    let mut response = json(status, &error.body(), None);
    if status == StatusCode::UNAUTHORIZED {
        response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    response
}

/// Creates the response to a request that cannot be parsed. ЕСИА's own code for `/rs` is not public; this is the code
/// of its other endpoints.
pub(super) fn unreadable(status: StatusCode, message: String) -> Response {
    json(status, &RestErrorBody { code: esia::EsiaError::UnreadableParameters.code().to_owned(), message }, None)
}
