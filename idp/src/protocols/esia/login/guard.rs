//! Content type, cookies and checks of a login API request. [`web::Front`] rejects requests made by pages of other
//! sites.

use axum::{
    extract::FromRequestParts,
    http::{StatusCode, header, request::Parts},
};
use web::{Checks, Cookies, Problem};

/// Cookies and checks of a request whose content type is JSON or absent. Handlers with a body also use [`web::Json`].
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
