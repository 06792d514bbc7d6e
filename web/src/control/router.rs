//! Routes under `/control`, for both servers.

use axum::{
    Extension, Router,
    http::{HeaderValue, header},
    middleware::map_response,
    response::Response,
};
use utoipa_axum::{router::OpenApiRouter, routes};
use utoipa_swagger_ui::SwaggerUi;

use super::{clock, entrance, gate::Gate, history, openapi, people, team, tls, worlds};
use crate::{Settings, Site, add_examples, console, docs, stand::Stand};

/// The routes of the control API and of the console, the OpenAPI document, and a page to read it.
pub(crate) fn router(site: &Site, settings: &Settings, gate: &Gate, stand: Stand, api: OpenApiRouter) -> Router {
    let control = OpenApiRouter::new()
        .routes(routes!(worlds::list, worlds::create))
        .routes(routes!(worlds::import))
        .routes(routes!(team::read))
        .routes(routes!(worlds::get, worlds::delete))
        .routes(routes!(worlds::fork))
        .routes(routes!(worlds::reset))
        .routes(routes!(worlds::export))
        .routes(routes!(clock::read, clock::change))
        .routes(routes!(history::timeline))
        .routes(routes!(history::stream))
        .routes(routes!(history::requests))
        .routes(routes!(history::request))
        .routes(routes!(people::list))
        .routes(routes!(people::session))
        .routes(routes!(people::outbox))
        .with_state(stand.clone())
        .merge(tls::routes(settings));
    let console = console::pages(stand);
    let entrance = entrance::pages().layer(Extension(gate.clone()));
    let (router, mut document) = control.merge(api).split_for_parts();
    add_examples(&mut document, include_str!("examples.json"));
    openapi::complete(&mut document, site, settings.control_token.is_some());
    let reader = SwaggerUi::new("/control/openapi").url("/control/openapi.json", document);
    router
        .merge(console)
        .merge(entrance)
        .merge(people::pages())
        .merge(docs::pages())
        .merge(Router::from(reader).layer(map_response(allow_scripts)))
}

/// The reader is the one page with scripts; they come from this server, and a browser may keep them for a while.
async fn allow_scripts(mut response: Response) -> Response {
    let kind = response.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if ["javascript", "text/css", "image/"].iter().any(|asset| kind.contains(asset)) {
        let kept = HeaderValue::from_static("private, max-age=3600");
        response.headers_mut().insert(header::CACHE_CONTROL, kept);
    }
    let policy = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}
