//! Where a person gives the control token to a browser, which then opens the console without it.

use askama::Template;
use axum::{
    Extension, Router,
    http::StatusCode,
    response::{IntoResponse as _, Response},
    routing::post,
};
use serde::Deserialize;

use super::gate::{ENTER, Gate};
use crate::{Form, Frame, Page, Problem, WorldUrl, see_other};

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
struct TokenForm {
    #[serde(default)]
    token: String,
}

/// `POST /control/console/enter`: keeps the token in a cookie.
async fn enter(
    Extension(gate): Extension<Gate>,
    world_url: WorldUrl,
    frame: Frame,
    Form(form): Form<TokenForm>,
) -> Result<Response, Problem> {
    match gate.enter(&form.token, &world_url) {
        Ok(cookie) => Ok((cookie, see_other(&world_url, "/")).into_response()),
        Err(problem) => Ok(EnterPage::answer(frame, problem.status, Some(problem.message))),
    }
}
