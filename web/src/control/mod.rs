//! The control door of both servers: worlds, clock, timeline, requests. Open on loopback; a bearer token otherwise.

mod clock;
mod console;
mod history;
mod openapi;
mod told;
mod worlds;

use std::sync::Arc;

use axum::{
    Router,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::map_response,
    response::Response,
};
use subtle::ConstantTimeEq;
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use crate::{AnyWorlds, Settings, Site, Trouble, add_examples};

/// What the control handlers share.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) worlds: Arc<dyn AnyWorlds>,
}

/// All described routes, the document itself, and a page to read it.
pub(crate) fn router(site: &Site, settings: &Settings, worlds: Arc<dyn AnyWorlds>, api: OpenApiRouter) -> Router {
    let control = OpenApiRouter::new()
        .routes(routes!(worlds::list, worlds::create))
        .routes(routes!(worlds::import))
        .routes(routes!(worlds::get, worlds::delete))
        .routes(routes!(worlds::fork))
        .routes(routes!(worlds::export))
        .routes(routes!(clock::read, clock::change))
        .routes(routes!(history::timeline))
        .routes(routes!(history::stream))
        .routes(routes!(history::requests))
        .routes(routes!(history::request))
        .with_state(Control { worlds: Arc::clone(&worlds) });
    let console = console::pages().with_state(Control { worlds });
    let (router, mut document) = control.merge(api).split_for_parts();
    add_examples(&mut document, include_str!("examples.json"));
    openapi::complete(&mut document, site, settings.control_token.is_some());
    let reader = SwaggerUi::new("/control/docs").url("/control/openapi.json", document);
    router.merge(console).merge(Router::from(reader).layer(map_response(allow_scripts)))
}

/// The reader is the one page with scripts; they come from this server.
async fn allow_scripts(mut response: Response) -> Response {
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// Lets programs in: by the token where one is set, and never a page of another site.
///
/// # Errors
/// 401 without the token, 403 for a foreign page.
pub(crate) fn guard(settings: &Settings, headers: &HeaderMap) -> Result<(), Trouble> {
    let site = headers.get("sec-fetch-site").map_or(b"none".as_slice(), HeaderValue::as_bytes);
    if !matches!(site, b"none" | b"same-origin") {
        return Err(Trouble::new(StatusCode::FORBIDDEN, "foreign-page", "Служебная дверь закрыта для чужих страниц"));
    }
    let Some(token) = &settings.control_token else { return Ok(()) };
    let given = headers.get(header::AUTHORIZATION).map(HeaderValue::as_bytes).unwrap_or_default();
    let given = given.strip_prefix(b"Bearer ").unwrap_or_default();
    if bool::from(given.ct_eq(token.as_bytes())) {
        return Ok(());
    }
    Err(Trouble::new(StatusCode::UNAUTHORIZED, "control-token", "Служебной двери нужен маркер")
        .of("Authorization")
        .or("Authorization: Bearer <значение --control-token>"))
}
