//! The front as a router: finds the world of a request, admits it, hands it to the routes, keeps it.

use std::{sync::Arc, time::Instant};

use axum::{
    Extension, Router,
    body::{Body, Bytes},
    extract::{DefaultBodyLimit, Request},
    http::{Extensions, HeaderName, HeaderValue, StatusCode, Uri, header, request},
    response::{IntoResponse, Response},
};
use esia::language::{Language, answering_in, pick};
use tower::ServiceExt as _;
use worlds::{WorldName, store::StoreError};

use super::{
    address::{self, KnownAddresses, NoRoute, RequestLine},
    body, headers,
    keep::{self, ReceivedRequest, keep},
};
use crate::{
    AnyWorld, AnyWorlds, Checks, Cookies, Csrf, FaultNames, Frame, Problem, ReaderLanguage, Settings, Site, TlsFault,
    Wants, WorldUrl,
    addressing::{locate, world_in},
    authority::Authority,
    console,
    control::{Caller, EnterPage, Gate},
    health,
    metrics::Metrics,
    origin,
    page::ProblemPage,
    peer::Peer,
    server::RequestGuard,
    stand::Stand,
};

/// The front of a server. Made once; [`Front::into_router`] gives what [`crate::Bound`] serves.
#[derive(Clone)]
pub struct Front {
    site: &'static Site,
    settings: Arc<Settings>,
    worlds: Arc<dyn AnyWorlds>,
    gate: Gate,
    stand: Stand,
    addresses: Arc<KnownAddresses>,
    router: Router,
    /// The same routes behind CORS.
    for_programs: Router,
    metrics: Metrics,
}

impl Front {
    /// A front for a server's own routes; `api` are those that its OpenAPI document describes. The control API, the
    /// stylesheet and `/health` are added.
    pub fn new(
        site: &'static Site,
        settings: Settings,
        worlds: Arc<dyn AnyWorlds>,
        pages: Router,
        api: utoipa_axum::router::OpenApiRouter,
    ) -> Self {
        let gate = Gate::new(site, &settings);
        let addresses = KnownAddresses::new(site, api.get_openapi());
        let peer = settings.peer.as_ref().map(|base| Peer::new(site.key, base, settings.control_token.clone()));
        let stand = Stand { worlds: Arc::clone(&worlds), peer, catalogue: settings.catalogue };
        let router = crate::control::router(site, &settings, &gate, stand.clone(), api).merge(pages);
        let router = router
            .fallback(async || (Extension(NoRoute), StatusCode::NOT_FOUND))
            // The one limit of a body is the one that it was read with, below.
            .layer(DefaultBodyLimit::disable());
        let for_programs = router.clone().layer(headers::cors());
        let (settings, addresses) = (Arc::new(settings), Arc::new(addresses));
        let metrics = Metrics::of(&*worlds);
        Self { site, settings, worlds, gate, stand, addresses, router, for_programs, metrics }
    }

    /// Adds counters of the server's own to `/metrics`.
    #[must_use]
    pub fn counting(self, register: impl FnOnce(&mut prometheus_client::registry::Registry)) -> Self {
        self.metrics.add(register);
        self
    }

    /// The whole server as a router.
    pub fn into_router(self) -> Router {
        Router::new()
            .fallback(move |request: Request| {
                let front = self.clone();
                async move { front.answer(request).await }
            })
            .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_| {
                Problem::internal("a handler panicked").problem()
            }))
    }

    async fn answer(&self, request: Request) -> Response {
        let started = Instant::now();
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let mut response = answering_in(Self::language(&request), self.route(request, started)).await;
        headers::complete(response.headers_mut());
        self.metrics.count(self.kind_of(&path), response.status().as_u16(), started.elapsed().as_secs_f64());
        let said = |name: &HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
        let asked_in = response.extensions().get::<keep::AskedIn>();
        tracing::info!(
            %method, path, status = response.status().as_u16(), duration_us = keep::micros(started),
            world = asked_in.map(|asked_in| asked_in.world.as_str()),
            team = asked_in.and_then(|asked_in| asked_in.team.as_ref()).map(WorldName::as_str),
            request = said(&keep::REQUEST_ID), verdict = said(&keep::VERDICT),
            client = response.extensions().get::<keep::ClientId>().map(|client| client.0.as_str()), "request",
        );
        response
    }

    /// What is told to developers is told in the language of whoever asks; the sites themselves are Russian, as documents
    /// quote them.
    fn language(request: &Request) -> Language {
        let path = request.uri().path();
        let inner = world_in(path).map_or(path, |(_, inner)| inner);
        if is_for_testers(inner) || inner == "/metrics" {
            ReaderLanguage::asked_for(request.uri(), request.headers()).0
        } else {
            Language::Russian
        }
    }

    /// What a request is for, as `/metrics` tells them apart.
    fn kind_of(&self, path: &str) -> &'static str {
        let inner = world_in(path).map_or(path, |(_, inner)| inner);
        match inner {
            _ if is_control(inner) => "control",
            _ if self.site.is_for_programs(inner) => "program",
            _ => "page",
        }
    }

    async fn route(&self, request: Request, started: Instant) -> Response {
        let (parts, body) = request.into_parts();
        let found = Authority::of(&parts).and_then(|asked| {
            let own = self.own(&parts);
            match own {
                Some(own) => self
                    .settings
                    .answers_to(&asked.host)
                    .then_some(Destination::Own(own))
                    .ok_or_else(|| Problem::misdirected(&asked.host)),
                None => locate(&self.settings, &asked, parts.uri.path())
                    .map(|(world_url, inner)| Destination::Inside(Addressed { world_url, inner: inner.to_owned() })),
            }
        });
        let found = match found {
            Ok(Destination::Inside(to)) => return self.of_world(Received { parts, body, started }, to).await,
            Ok(Destination::Own(own)) => Ok(own),
            Err(problem) => Err(problem),
        };
        body::discard(body).await;
        match found {
            Ok(ServerPath::Health(probe)) => health::answer(&*self.worlds, probe, &parts.method).await,
            Ok(ServerPath::Metrics) => {
                match self.gate.caller(&parts.headers, &Cookies::read(&parts.headers)) {
                    // They count what all teams do.
                    Some(caller) => match caller.sees_all() {
                        Ok(()) => self.metrics.answer(&*self.worlds).await,
                        Err(problem) => problem.problem(),
                    },
                    None => Gate::closed().problem(),
                }
            }
            Ok(ServerPath::Stylesheet) => headers::stylesheet(self.site),
            Ok(ServerPath::Script) => console::script(),
            Err(problem) => {
                let wants = Wants::of(self.site, parts.uri.path(), &parts.headers);
                show(&problem, (wants == Wants::Page).then(|| Frame::nowhere(self.site)))
            }
        }
    }

    async fn of_world(&self, received: Received, to: Addressed) -> Response {
        let cookies = Cookies::read(&received.parts.headers);
        let caller = self.gate.caller(&received.parts.headers, &cookies);
        let world = to.world_url.world.clone();
        let team = caller.as_ref().and_then(|caller| caller.team()).map(|team| team.name.clone());
        let mut response = self.inside(received, Sender { cookies, caller }, to).await;
        response.extensions_mut().insert(keep::AskedIn { world, team });
        response
    }

    /// What belongs to the server itself and to no world.
    fn own(&self, parts: &request::Parts) -> Option<ServerPath> {
        match parts.uri.path() {
            path if path == self.site.css_path() => Some(ServerPath::Stylesheet),
            path if path == console::script_path() => Some(ServerPath::Script),
            "/metrics" => Some(ServerPath::Metrics),
            path => health::Probe::at(path).map(ServerPath::Health),
        }
    }

    /// A request for a world.
    async fn inside(&self, received: Received, Sender { cookies, caller }: Sender, to: Addressed) -> Response {
        let Received { mut parts, body, started } = received;
        let Addressed { world_url, inner } = &to;
        let wants = Wants::of(self.site, inner, &parts.headers);
        let is_control = is_control(inner);
        let csrf = Csrf::of(self.site, &cookies, world_url);
        let is_insider = caller.as_ref().is_some_and(|caller| caller.sees(&world_url.world));
        let frame = Frame::new(self.site, world_url.clone(), &csrf, is_insider).on(inner);
        if is_control {
            let checked = self.gate.check(caller.as_ref(), (&parts.method, inner.as_str()), &parts.headers, world_url);
            if let Err(problem) = checked {
                body::discard(body).await;
                return Self::control_refused(&problem, wants, frame, &csrf);
            }
            if let Some(caller) = caller {
                parts.extensions.insert(caller);
            }
        }
        let world = match self.worlds.get(&world_url.world).await {
            Ok(world) => world,
            Err(StoreError::Gone(name)) if !is_control => {
                body::discard(body).await;
                return self.world_not_found(parts, &to, &name, started).await;
            }
            Err(error) => {
                body::discard(body).await;
                return show(&error.into(), (wants == Wants::Page).then_some(frame));
            }
        };
        let frame = frame.at(world.now());
        let body = match self.admit(&parts, world_url, inner) {
            Ok(()) => body::read(body, self.limit(is_control, inner), self.settings.body_patience).await,
            Err(problem) => {
                body::discard(body).await;
                Err(problem)
            }
        };
        if let Some(request_guard) = parts.extensions.get::<RequestGuard>() {
            request_guard.received();
        }
        let target = parts.uri.query().map_or_else(|| inner.clone(), |query| format!("{inner}?{query}"));
        let request =
            AdmittedRequest { parts, body, world_url: to.world_url, world, csrf, frame, target, wants, is_control };
        self.in_world(request, started).await
    }

    /// # Errors
    /// 403 for a form or a script of a foreign page, where it could act for whoever is signed in.
    fn admit(&self, parts: &request::Parts, world_url: &WorldUrl, inner: &str) -> Result<(), Problem> {
        if self.site.is_for_programs(inner) || self.site.is_arrival(inner) {
            return Ok(());
        }
        origin::guard(&parts.method, &parts.headers, world_url)
    }

    /// The one limit for a body.
    fn limit(&self, is_control: bool, inner: &str) -> usize {
        match is_control {
            true => self.settings.control_body_limit,
            false if self.site.takes_uploads_at(inner) => self.settings.upload_limit,
            false => self.settings.body_limit,
        }
    }

    async fn in_world(&self, request: AdmittedRequest, started: Instant) -> Response {
        let AdmittedRequest { mut parts, body, world_url, world, csrf, frame, target, wants, is_control } = request;
        if is_control && let Err(error) = world.refresh_journal().await {
            return Problem::from(error).into_response();
        }
        let (checks, id) = (Checks::default(), (!is_control).then(|| world.journal().next_id()));
        let (method, headers) = (parts.method.clone(), parts.headers.clone());
        let reads = ReaderLanguage::chosen(&parts.uri, &headers);
        let fault = parts.extensions.get::<TlsFault>().copied();
        let body = match (body, target.parse::<Uri>()) {
            (Ok(body), Ok(uri)) => {
                parts.uri = uri;
                Ok(body)
            }
            (Ok(_), Err(_)) => {
                Err(Problem::bad_request("path", pick("Адрес не читается", "The address cannot be read")))
            }
            (Err(problem), _) => Err(problem),
        };
        let inner = target.split('?').next().unwrap_or_default();
        let response = match &body {
            Err(problem) => {
                address::note_refused(&checks, problem);
                problem.clone().into_response()
            }
            Ok(body) => {
                parts.extensions.insert(world_url.clone());
                parts.extensions.insert(csrf.clone());
                parts.extensions.insert(frame.clone());
                parts.extensions.insert(checks.clone());
                self.introduce(inner, &mut parts.extensions);
                parts.extensions.insert(wants);
                parts.extensions.insert(Arc::clone(&world));
                Arc::clone(&world).install(&mut parts.extensions);
                let routed = self.routed(inner, Request::from_parts(parts, Body::from(body.clone())));
                match id {
                    Some(id) => worlds::answering(id, routed).await,
                    None => routed.await,
                }
            }
        };
        let mut response =
            self.addresses.judged(response, RequestLine { method: &method, path: inner, headers: &headers }, &checks);
        if let Some(fault) = fault {
            FaultNames::note(&mut response, fault.name());
        }
        let mut response = shown(response, (wants == Wants::Page).then_some(frame));
        if headers::is(&response, "text/html") {
            append_cookie(&mut response, &csrf, &world_url);
            let query = target.split_once('?').map_or("", |(_, query)| query);
            if let Some(cookie) = ReaderLanguage::cookie(query, &world_url).and_then(|cookie| cookie.header()) {
                response.headers_mut().append(header::SET_COOKIE, cookie);
            }
        }
        let by_program = self.site.is_for_programs(inner);
        if by_program {
            headers::open_to_programs(response.headers_mut());
        }
        // A client that corrects its clock by this header before it signs must arrive at the world's time.
        let date = world.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        if let Ok(date) = HeaderValue::from_str(&date) {
            response.headers_mut().entry(header::DATE).or_insert(date);
        }
        let Some(id) = id else { return response };
        let body = body.unwrap_or_default();
        let asked = ReceivedRequest { id, by_program, method, headers, body, target, started, world_url, reads };
        keep(&*world, asked, &checks, response).await
    }

    /// Gives a request what it may ask of the server. A layer of the router would do the same for every request, at several
    /// times the cost.
    fn introduce(&self, inner: &str, extensions: &mut Extensions) {
        extensions.insert(self.site);
        if is_for_testers(inner) {
            extensions.insert(self.stand.clone());
            extensions.insert(self.settings.tls_faults.clone());
        }
    }

    async fn routed(&self, inner: &str, request: Request) -> Response {
        let router = if self.site.is_for_programs(inner) { &self.for_programs } else { &self.router };
        match router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => match never {},
        }
    }

    /// The control API without its token: a program is told so, a person is asked for it.
    fn control_refused(problem: &Problem, wants: Wants, frame: Frame, csrf: &Csrf) -> Response {
        let world_url = frame.world_url.clone();
        let is_asked = problem.status == StatusCode::UNAUTHORIZED;
        let mut response = match wants {
            Wants::Page if is_asked => EnterPage::answer(frame, problem.status, None),
            Wants::Page => show(problem, Some(frame)),
            Wants::Json => show(problem, None),
        };
        if is_asked {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if headers::is(&response, "text/html") {
            append_cookie(&mut response, csrf, &world_url);
        }
        response
    }

    /// A request for a world that is not there. Its verdict stands in the journal of `main`.
    async fn world_not_found(
        &self,
        parts: request::Parts,
        to: &Addressed,
        name: &WorldName,
        started: Instant,
    ) -> Response {
        let Addressed { world_url, inner } = to;
        let wants = self.addresses.wants(inner, &parts.headers);
        let problem = Problem::no_world(&StoreError::Gone(name.clone()));
        let mut response = show(&problem, (wants == Wants::Page).then(|| Frame::nowhere(self.site)));
        if self.site.is_for_programs(inner) {
            headers::open_to_programs(response.headers_mut());
        }
        let Ok(main) = self.worlds.get(&WorldName::main()).await else { return response };
        let checks = Checks::default();
        address::note_no_world(&checks, name);
        let target = parts.uri.path_and_query().map_or_else(String::new, ToString::to_string);
        let world_url = WorldUrl { world: WorldName::main(), prefix: String::new(), ..world_url.clone() };
        let asked = ReceivedRequest {
            reads: ReaderLanguage::chosen(&parts.uri, &parts.headers),
            id: main.journal().next_id(),
            by_program: self.site.is_for_programs(inner),
            method: parts.method,
            headers: parts.headers,
            body: Bytes::new(),
            target,
            started,
            world_url,
        };
        keep(&*main, asked, &checks, response).await
    }
}

/// Whether a path inside a world is of the control API.
fn is_control(inner: &str) -> bool {
    inner == "/control" || inner.starts_with("/control/")
}

/// Whether a path inside a world is a tester's: of the control API, or the start page.
fn is_for_testers(inner: &str) -> bool {
    inner == "/" || is_control(inner)
}

/// What a request is for.
enum Destination {
    Own(ServerPath),
    Inside(Addressed),
}

/// A request as it came.
struct Received {
    parts: request::Parts,
    body: Body,
    started: Instant,
}

/// The sender of a request: their cookies, and whom the control API takes them for.
struct Sender {
    cookies: Cookies,
    caller: Option<Caller>,
}

/// The world that a request is for, and the path inside it.
struct Addressed {
    world_url: WorldUrl,
    inner: String,
}

enum ServerPath {
    Health(health::Probe),
    Metrics,
    Stylesheet,
    Script,
}

struct AdmittedRequest {
    parts: request::Parts,
    /// What came, or why it is not taken.
    body: Result<Bytes, Problem>,
    world_url: WorldUrl,
    world: Arc<dyn AnyWorld>,
    csrf: Csrf,
    frame: Frame,
    target: String,
    wants: Wants,
    is_control: bool,
}

fn append_cookie(response: &mut Response, csrf: &Csrf, world_url: &WorldUrl) {
    if let Some(cookie) = csrf.cookie(world_url).and_then(|cookie| cookie.header()) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// What a handler answered; a [`Problem`] in it as a page or a problem document, with every other header that was said.
fn shown(mut response: Response, frame: Option<Frame>) -> Response {
    let Some(problem) = response.extensions_mut().remove::<Problem>().or_else(|| unread(&response)) else {
        return response;
    };
    let mut shown = show(&problem, frame);
    *shown.extensions_mut() = std::mem::take(response.extensions_mut());
    for (name, value) in response.headers() {
        if *name != header::CONTENT_TYPE && *name != header::CONTENT_LENGTH {
            shown.headers_mut().append(name.clone(), value.clone());
        }
    }
    shown
}

fn show(problem: &Problem, frame: Option<Frame>) -> Response {
    use askama::Template as _;
    let Some(frame) = frame else { return problem.problem() };
    match (ProblemPage { frame, problem }).render() {
        Ok(html) => (problem.status, axum::response::Html(html)).into_response(),
        Err(error) => Problem::internal(error).problem(),
    }
}

/// What axum says by itself, in English and as plain text, when an address holds a word where a number belongs.
fn unread(response: &Response) -> Option<Problem> {
    let plain = response.status() == StatusCode::BAD_REQUEST && headers::is(response, "text/plain");
    plain.then(|| {
        Problem::bad_request(
            "path",
            pick(
                "Адрес не читается: в нём не то, что здесь бывает",
                "The address cannot be read: it holds something that is not known here",
            ),
        )
    })
}
