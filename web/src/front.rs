//! What stands before a server's routes: the world of a request, its limits, its journal entry, and how it ends.

use std::{sync::Arc, time::Instant};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header, request},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use tower::ServiceExt as _;
use worlds::{Entry, Message};

use crate::{
    AnyWorld, AnyWorlds, Checks, Cookies, Csrf, Frame, Place, Settings, Site, Trouble, addressing::locate,
    control::guard, journal::Noted, page::TroublePage, tester,
};

/// The id of a request in its world's journal.
const REQUEST_ID: HeaderName = HeaderName::from_static("x-esia-stand-request");
/// The verdict of a request in one line: see [`worlds::verdict_line`].
const VERDICT: HeaderName = HeaderName::from_static("x-esia-stand-verdict");
/// How much of a body the journal keeps, bytes.
const KEPT_BODY: usize = 16 * 1024;
/// The largest answer that is looked into for the journal, bytes.
const LOOKED_AT: usize = 64 * 1024 * 1024;

/// A server's front door. Made once; [`Front::into_router`] gives what [`crate::Bound`] serves.
#[derive(Clone)]
pub struct Front {
    site: &'static Site,
    settings: Arc<Settings>,
    worlds: Arc<dyn AnyWorlds>,
    router: Router,
}

impl Front {
    /// A front for a server's own routes; `api` are those that its OpenAPI document describes. The control door, the
    /// stylesheet and `/health` are added.
    pub fn new(
        site: &'static Site,
        settings: Settings,
        worlds: Arc<dyn AnyWorlds>,
        pages: Router,
        api: utoipa_axum::router::OpenApiRouter,
    ) -> Self {
        let router = crate::control::router(site, &settings, Arc::clone(&worlds), api).merge(pages);
        let router = router.fallback(async || Trouble::not_found("Такой страницы здесь нет").or("Начните с главной"));
        let router = router.method_not_allowed_fallback(async || {
            Trouble::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", "Здесь так не спрашивают")
        });
        Self { site, settings: Arc::new(settings), worlds, router }
    }

    /// The whole server as a router.
    pub fn into_router(self) -> Router {
        Router::new()
            .fallback(move |request: Request| {
                let front = self.clone();
                async move { front.answer(request).await }
            })
            .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_| {
                Trouble::internal("a handler panicked").problem()
            }))
    }

    async fn answer(&self, request: Request) -> Response {
        let started = Instant::now();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let mut response = self.route(request, started).await;
        protect(response.headers_mut());
        tracing::info!(
            %method, path, status = response.status().as_u16(), duration_us = micros(started),
            request = response.headers().get(&REQUEST_ID).and_then(|id| id.to_str().ok()), "request",
        );
        response
    }

    async fn route(&self, request: Request, started: Instant) -> Response {
        match request.uri().path() {
            "/health" => return self.health().await,
            path if path == self.site.css_path() => return stylesheet(self.site),
            _ => {}
        }
        let json = wants_json(request.uri().path(), request.headers());
        match self.prepare(request).await {
            Ok(prepared) => self.in_world(prepared, started).await,
            Err((trouble, frame)) => {
                show(&trouble, (!json).then(|| frame.unwrap_or_else(|| Frame::nowhere(self.site))))
            }
        }
    }

    /// Finds the world, reads the body, and puts what handlers ask for where they find it.
    async fn prepare(&self, request: Request) -> Result<Prepared, (Trouble, Option<Frame>)> {
        let (mut parts, body) = request.into_parts();
        let host = host(&parts).map_err(|trouble| (trouble, None))?;
        let (place, inner) = locate(&self.settings, &host, parts.uri.path()).map_err(|trouble| (trouble, None))?;
        let control = inner == "/control" || inner.starts_with("/control/");
        if control {
            guard(&self.settings, &parts.headers).map_err(|trouble| (trouble, None))?;
        }
        let world = self.worlds.get(&place.world).await.map_err(|error| (error.into(), None))?;
        let csrf = Csrf::of(self.site, &Cookies::read(&parts.headers), &place);
        let frame = Frame::new(self.site, place.clone(), world.now(), &csrf);
        let limit = match control {
            true => self.settings.control_body_limit,
            false if self.site.takes_uploads_at(inner) => self.settings.upload_limit,
            false => self.settings.body_limit,
        };
        let body = to_bytes(body, limit).await.map_err(|_| (too_large(limit), Some(frame.clone())))?;
        let target = parts.uri.query().map_or_else(|| inner.to_owned(), |query| format!("{inner}?{query}"));
        parts.uri = target.parse::<Uri>().map_err(|_| (Trouble::bad_request("path", "Адрес не читается"), None))?;
        Ok(Prepared { parts, body, place, world, csrf, frame, target, control })
    }

    async fn in_world(&self, prepared: Prepared, started: Instant) -> Response {
        let Prepared { mut parts, body, place, world, csrf, frame, target, control } = prepared;
        let checks = Checks::default();
        let (method, headers) = (parts.method.clone(), parts.headers.clone());
        let json = wants_json(parts.uri.path(), &headers);
        parts.extensions.insert(place.clone());
        parts.extensions.insert(csrf.clone());
        parts.extensions.insert(frame.clone());
        parts.extensions.insert(checks.clone());
        parts.extensions.insert(self.site);
        parts.extensions.insert(Arc::clone(&world));
        Arc::clone(&world).install(&mut parts.extensions);
        let asked = Request::from_parts(parts, Body::from(body.clone()));
        let mut response = match self.router.clone().oneshot(asked).await {
            Ok(response) => response,
            Err(never) => match never {},
        };
        if let Some(trouble) = response.extensions_mut().remove::<Trouble>().or_else(|| unread(&response)) {
            response = show(&trouble, (!json).then_some(frame));
        }
        if is(&response, "text/html")
            && let Some(cookie) = csrf.cookie(&place).and_then(|cookie| cookie.header())
        {
            response.headers_mut().append(header::SET_COOKIE, cookie);
        }
        // A client that corrects its clock by this header before it signs must arrive at the world's time.
        let date = world.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&date) {
            response.headers_mut().entry(header::DATE).or_insert(date);
        }
        if control {
            return response;
        }
        let asked = Asked { at: world.now(), method, headers, body, target, started, place };
        keep(&*world, asked, &checks, response).await
    }

    async fn health(&self) -> Response {
        match self.worlds.get(&worlds::WorldName::main()).await {
            Ok(_) => axum::Json(serde_json::json!({ "status": "ok", "server": self.site.key })).into_response(),
            Err(error) => Trouble::from(error).problem(),
        }
    }
}

struct Prepared {
    parts: request::Parts,
    body: Bytes,
    place: Place,
    world: Arc<dyn AnyWorld>,
    csrf: Csrf,
    frame: Frame,
    target: String,
    control: bool,
}

struct Asked {
    at: DateTime<Utc>,
    method: Method,
    headers: HeaderMap,
    body: Bytes,
    target: String,
    started: Instant,
    place: Place,
}

/// Writes the journal entry and gives the answer its id and its verdict.
async fn keep(world: &dyn AnyWorld, asked: Asked, checks: &Checks, response: Response) -> Response {
    let id = world.journal().next_id();
    let (mut parts, body) = response.into_parts();
    parts.headers.insert(REQUEST_ID, HeaderValue::from(id));
    let Noted { verdict, client, person } = checks.take();
    let page = format!("/control/console/requests/{id}");
    let line = worlds::verdict_line(&verdict, &asked.place.url(&page));
    if let Some(line) = line.and_then(|line| HeaderValue::try_from(line).ok()) {
        parts.headers.insert(VERDICT, line);
    }
    let content_type =
        parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    // Pages can be opened again; streams never end.
    let looked_at = content_type.contains("json");
    let strip = content_type.starts_with("text/html").then(|| tester::strip(&verdict, &asked.place.path(&page)));
    let (kept, body) = if looked_at {
        let bytes = to_bytes(body, LOOKED_AT).await.unwrap_or_default();
        (text(&bytes), Body::from(bytes))
    } else if let Some(strip) = strip.flatten() {
        let page = to_bytes(body, LOOKED_AT).await.unwrap_or_default();
        (String::new(), Body::from(tester::with_strip(&page, &strip)))
    } else {
        (String::new(), body)
    };
    world.journal().keep(Entry {
        id,
        at: asked.at,
        method: asked.method.to_string(),
        target: asked.target,
        client,
        person,
        request: Message { headers: fields(&asked.headers), body: text(&asked.body) },
        status: parts.status.as_u16(),
        response: Message { headers: fields(&parts.headers), body: kept },
        duration_us: micros(asked.started),
        verdict,
    });
    Response::from_parts(parts, body)
}

fn fields(headers: &HeaderMap) -> Vec<(String, String)> {
    let text = |value: &HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    headers.iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect()
}

fn text(bytes: &Bytes) -> String {
    String::from_utf8_lossy(bytes.get(..KEPT_BODY).unwrap_or(bytes)).into_owned()
}

fn micros(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn is(response: &Response, content_type: &str) -> bool {
    response
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| value.starts_with(content_type))
}

/// What axum says by itself, in English and as plain text, when an address holds a word where a number belongs.
fn unread(response: &Response) -> Option<Trouble> {
    let plain = response.status() == StatusCode::BAD_REQUEST && is(response, "text/plain");
    plain.then(|| Trouble::bad_request("path", "Адрес не читается: в нём не то, что здесь бывает"))
}

fn too_large(limit: usize) -> Trouble {
    Trouble::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", format!("Тело запроса больше {limit} байт"))
}

/// The `Host` of HTTP/1.1, or the authority of an absolute-form target.
fn host(parts: &request::Parts) -> Result<String, Trouble> {
    let from_header = parts.headers.get(header::HOST).and_then(|value| value.to_str().ok());
    from_header
        .or_else(|| parts.uri.authority().map(axum::http::uri::Authority::as_str))
        .map(str::to_owned)
        .ok_or_else(|| Trouble::bad_request("host", "В запросе нет заголовка Host"))
}

/// JSON endpoints answer in JSON whatever is accepted; elsewhere a program says that it wants it.
fn wants_json(path: &str, headers: &HeaderMap) -> bool {
    let is_api = |segment| matches!(segment, "api" | "control" | "rs");
    (!path.contains("/control/console") && path.split('/').any(is_api)) || accepts_json(headers)
}

/// Whether somebody asks for JSON and not for a page.
pub(crate) fn accepts_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

fn show(trouble: &Trouble, frame: Option<Frame>) -> Response {
    use askama::Template as _;
    let Some(frame) = frame else { return trouble.problem() };
    match (TroublePage { frame, trouble }).render() {
        Ok(html) => (trouble.status, axum::response::Html(html)).into_response(),
        Err(error) => Trouble::internal(error).problem(),
    }
}

fn stylesheet(site: &'static Site) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, site.stylesheet()).into_response()
}

/// Headers of every answer, unless a handler has said otherwise. No `form-action`: browsers apply it to the redirect
/// after a form as well, and the consent form ends at the relying party.
fn protect(headers: &mut HeaderMap) {
    let defaults = [
        (
            header::CONTENT_SECURITY_POLICY,
            "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
        ),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ];
    for (name, value) in defaults {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
}
