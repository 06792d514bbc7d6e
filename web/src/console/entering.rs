//! «Войти как …»: a tester becomes a person of the world in this browser.

use std::sync::Arc;

use axum::{
    Extension, Router,
    extract::Path,
    response::{IntoResponse as _, Response},
    routing::post,
};

use crate::{AnyWorld, Form, NoFields, Problem, SetCookie, WorldUrl, see_other, stand::Stand};

pub(super) fn pages() -> Router<Stand> {
    Router::new().route("/control/console/people/{key}/enter", post(enter))
}

/// `POST /control/console/people/{key}/enter`: a session without a password, and the person's first page.
async fn enter(
    Extension(world): Extension<Arc<dyn AnyWorld>>,
    world_url: WorldUrl,
    Path(key): Path<String>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Problem> {
    let session = world.open_session(&key).await?.session;
    let home = world.acting(&session).await?.map_or("/", |acting| acting.home);
    Ok((SetCookie::new(&world_url, world.session_cookie(), &session), see_other(&world_url, home)).into_response())
}
