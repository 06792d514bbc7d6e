//! Where a person gives the control token to a browser, which then opens the console without it.

use askama::Template;
use axum::{
    Extension, Router,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde::Deserialize;

use super::gate::Gate;
use crate::{Form, Frame, Page, Problem, WorldUrl, see_other};

/// Where the token is given: open to everybody.
pub(super) const ENTER: &str = "/control/console/enter";

pub(super) fn pages() -> Router {
    Router::new().route(ENTER, post(enter))
}

/// The page that asks for the token.
#[derive(Template)]
#[template(path = "console/entrance.html")]
pub(crate) struct EnterPage {
    frame: Frame,
    error: Option<String>,
}

impl EnterPage {
    /// The page, with what was wrong at the last try.
    pub(crate) fn answer(frame: Frame, status: StatusCode, error: Option<String>) -> Response {
        Page(Self { frame, error }).with(status)
    }
}

#[derive(Debug, Deserialize)]
struct Given {
    #[serde(default)]
    token: String,
}

/// `POST /control/console/enter`
async fn enter(
    Extension(gate): Extension<Gate>,
    world_url: WorldUrl,
    frame: Frame,
    Form(given): Form<Given>,
) -> Result<Response, Problem> {
    match gate.enter(&given.token, &world_url) {
        Ok(cookie) => Ok((cookie, see_other(&world_url, "/")).into_response()),
        Err(problem) => Ok(EnterPage::answer(frame, problem.status, Some(problem.message))),
    }
}
