//! What a call of the API carries. That no page of another site has made it is seen to by [`web::Front`].

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use web::{Checks, Cookies, Problem};

/// A request that says nothing of a form, and what it carries. For requests without a body; those with one are read by
/// [`web::Json`] as well.
pub(super) struct Own {
    pub(super) cookies: Cookies,
    pub(super) checks: Checks,
}

impl<S: Sync> FromRequestParts<S> for Own {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let kind = parts.headers.get(header::CONTENT_TYPE).map(|kind| kind.to_str().unwrap_or("unreadable"));
        let is_json = |kind: &str| kind.split(';').next().is_some_and(|kind| kind.trim() == "application/json");
        if kind.is_some_and(|kind| !is_json(kind)) {
            let message = "Тело запроса должно быть application/json";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "content-type", message).of("Content-Type"));
        }
        let Ok(cookies) = Cookies::from_request_parts(parts, state).await;
        let Ok(checks) = Checks::from_request_parts(parts, state).await;
        Ok(Self { cookies, checks })
    }
}
