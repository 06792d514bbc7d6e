//! `/health`: which server answers, and whether it can do its work.

use axum::{
    http::{HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::json;

use crate::{AnyWorlds, Problem};

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Probe {
    /// The process answers.
    Live,
    /// It can do its work: `main` is there and the store takes writes.
    Ready,
}

impl Probe {
    /// The probe at an address.
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path {
            "/health" | "/health/ready" => Some(Self::Ready),
            "/health/live" => Some(Self::Live),
            _ => None,
        }
    }
}

/// `GET /health`, `/health/ready`, `/health/live`
pub(crate) async fn answer(worlds: &dyn AnyWorlds, probe: Probe, method: &Method) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut response = Problem::wrong_method(method, "GET,HEAD").problem();
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
        return response;
    }
    let server = worlds.server();
    let failure = match probe {
        Probe::Live => None,
        Probe::Ready => worlds.health().await.err(),
    };
    match failure {
        None => axum::Json(json!({ "status": "ok", "server": server })).into_response(),
        Some(reason) => {
            let told = json!({ "status": "failing", "server": server, "reason": reason.to_string() });
            (StatusCode::SERVICE_UNAVAILABLE, axum::Json(told)).into_response()
        }
    }
}
