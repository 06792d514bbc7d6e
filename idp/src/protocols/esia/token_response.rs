//! Responses of the token endpoint (ESIA §3.3, §3.4).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use esia::{
    EsiaError,
    token::{AccessClaims, TokenError},
};
use web::Problem;

use super::{claims::TokenClaims, judge::Judge};
use crate::protocols::ESIA_JSON;

/// Reason why a client gets no tokens.
pub(super) type Refusal = crate::protocols::Refusal<EsiaError>;

impl From<EsiaError> for Refusal {
    fn from(error: EsiaError) -> Self {
        Self::Client(error)
    }
}

pub(super) struct Signed {
    pub(super) access: String,
    pub(super) id: Option<String>,
    pub(super) refresh: Option<String>,
    pub(super) expires_in: u32,
}

/// Returns 400 for every refusal (ESIA §3.4), but 503 during maintenance, when the request itself may be right.
pub(super) fn status(error: &EsiaError) -> StatusCode {
    match error {
        EsiaError::TemporarilyUnavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::BAD_REQUEST,
    }
}

pub(super) fn refused(status: StatusCode, error: &EsiaError, state: Option<String>) -> Response {
    let (error, error_description) = (error.oauth_error().to_owned(), error.description());
    json(status, &TokenError { error, error_description, state })
}

pub(super) fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let headers =
        [(header::CONTENT_TYPE, ESIA_JSON), (header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    match serde_json::to_vec(body) {
        Ok(body) => (status, headers, body).into_response(),
        Err(error) => Problem::internal(error).into_response(),
    }
}

/// Signs the tokens without access to the state, because two signatures take longer than everything else in the
/// request.
pub(super) fn sign(judge: &Judge<'_>, tokens: TokenClaims) -> Result<Signed, Refusal> {
    let TokenClaims { mut access, id, refresh, key } = tokens;
    access.permissions_url = access.permissions.is_some().then(|| judge.world.world_url.url("/lk/consents"));
    let expires_in = lifetime(&access);
    let access = key.sign(&access).map_err(Problem::internal)?;
    let id = id.map(|claims| key.sign(&claims)).transpose().map_err(Problem::internal)?;
    Ok(Signed { access, id, refresh, expires_in })
}

/// Returns the value of `expires_in`, seconds.
fn lifetime(access: &AccessClaims) -> u32 {
    u32::try_from(access.exp - access.iat).unwrap_or_default()
}
