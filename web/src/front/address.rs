//! The verdict of a request that reached no endpoint: an address nobody serves, a wrong method, a preflight, a refusal of
//! the front.

use std::collections::BTreeSet;

use axum::{
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use esia::language::{Told, both, pick, tr};
use utoipa::openapi::OpenApi;
use worlds::{Check, WorldName, mistakes::named};

use crate::{Checks, Problem, Site, Wants, wants::accept};

/// The method, the path inside the world and the headers of a request.
#[derive(Clone, Copy)]
pub(super) struct RequestLine<'r> {
    pub(super) method: &'r Method,
    pub(super) path: &'r str,
    pub(super) headers: &'r HeaderMap,
}

/// Put into an answer by the router's fallback.
#[derive(Debug, Clone, Copy)]
pub(super) struct NoRoute;

/// How like another an address must be to be proposed.
const ALIKE: f64 = 0.6;

const ADDRESS: (&str, &str) = ("address", "RFC 9110 §15.5.5");
const METHOD: (&str, &str) = ("method", "RFC 9110 §15.5.6");
const PREFLIGHT: (&str, &str) = ("preflight", "Fetch Standard, CORS protocol");
const ORIGIN: (&str, &str) = ("origin", "Fetch Standard, Origin header; Fetch Metadata");
const BODY: (&str, &str) = ("body", "RFC 9110 §15.5.14");

/// What a server serves: to find the address that was meant.
#[derive(Debug)]
pub(super) struct KnownAddresses {
    site: &'static Site,
    addresses: BTreeSet<String>,
}

impl KnownAddresses {
    pub(super) fn new(site: &'static Site, document: &OpenApi) -> Self {
        let described = document.paths.paths.keys().cloned();
        let addresses = site.protocol().map(|pattern| pattern.trim_end_matches("/*").to_owned()).chain(described);
        Self { site, addresses: addresses.collect() }
    }

    /// As [`Wants::of`], for an address that may be nobody's: one of a protocol's family is a program's.
    pub(super) fn wants(&self, path: &str, headers: &HeaderMap) -> Wants {
        let is_page = accept(headers).contains("text/html") || !self.is_of_a_protocol(path);
        if is_page { Wants::of(self.site, path, headers) } else { Wants::Json }
    }

    /// Looks at an answer that no endpoint has given, notes why, and says it.
    pub(super) fn judged(&self, response: Response, line: RequestLine<'_>, checks: &Checks) -> Response {
        let RequestLine { method, path, headers } = line;
        let is_preflight = *method == Method::OPTIONS && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if response.extensions().get::<NoRoute>().is_some() {
            return self.no_route(line, checks);
        }
        match response.status() {
            StatusCode::METHOD_NOT_ALLOWED if is_preflight => closed_to_pages(&response, path, checks),
            StatusCode::METHOD_NOT_ALLOWED => wrong_method(response, method, checks),
            _ if is_preflight => {
                checks.record(Check::passed(
                    PREFLIGHT,
                    both!("адрес открыт страницам любых сайтов", "the address is open to pages of all sites"),
                    origin_of(headers),
                ));
                response
            }
            _ => response,
        }
    }

    fn no_route(&self, RequestLine { path, headers, .. }: RequestLine<'_>, checks: &Checks) -> Response {
        let is_for_programs = self.is_of_a_protocol(path);
        let wants = self.wants(path, headers);
        // What browsers ask for by themselves, as `/favicon.ico`, is nobody's mistake.
        let is_file = path.rsplit('/').next().is_some_and(|last| last.contains('.'));
        let by_program = wants == Wants::Json || (is_program(headers) && !is_file);
        let nearest = self.nearest(path, is_for_programs || by_program);
        if is_for_programs || by_program || nearest.is_some() {
            let expected = nearest.map_or_else(
                || both!("адрес, который здесь есть", "an address that is here"),
                |near| both!("ближайший адрес — {near}", "the nearest address is {near}"),
            );
            checks.record(Check::failed(ADDRESS, expected, path).mistakes(["unknown-address"]));
        }
        let problem = match nearest {
            Some(near) => Problem::not_found(tr!("Адреса {path} здесь нет", "There is no address {path} here"))
                .or(tr!("Ближайший: {near}", "The nearest: {near}")),
            None => Problem::not_found(pick("Такой страницы здесь нет", "There is no such page here"))
                .or(pick("Начните с главной", "Begin at the start page")),
        };
        let code = if is_for_programs { "unknown-address" } else { problem.code };
        let problem = Problem { code, ..problem };
        if wants == Wants::Json { problem.problem() } else { problem.into_response() }
    }

    /// Whether an address begins as those of a protocol do, or ends as one of them.
    fn is_of_a_protocol(&self, path: &str) -> bool {
        let family = |path: &str| path.split('/').find(|segment| !segment.is_empty()).map(str::to_ascii_lowercase);
        let tidy = tidied(path);
        let is_of = |path: &str| {
            let first = family(path);
            let is_of = |known: &'static str| family(known) == first || path.ends_with(known);
            let is_a_protocols = |known: &str| self.site.is_for_programs(known) || self.site.is_arrival(known);
            let lacks_start = |known: &String| is_end(known, path) && is_a_protocols(known);
            first.is_some() && (self.site.protocol().any(is_of) || self.addresses.iter().any(lacks_start))
        };
        is_of(&tidy) || after_world(&tidy).any(is_of)
    }

    /// The address that was probably meant: the same without what is too much, else, for a program, the likest one.
    fn nearest(&self, path: &str, is_for_programs: bool) -> Option<&str> {
        let tidy = tidied(path);
        let same = |known: &&String| known.eq_ignore_ascii_case(&tidy);
        let ends = |known: &&String| known.len() > 1 && tidy.ends_with(known.as_str()) || is_end(known, &tidy);
        let found = self
            .addresses
            .iter()
            .find(same)
            .or_else(|| self.addresses.iter().filter(ends).max_by_key(|known| known.len()));
        if found.is_some() || !is_for_programs {
            return found.map(String::as_str);
        }
        let alike = |known: &String| strsim::normalized_damerau_levenshtein(known, &tidy);
        let literal = self.addresses.iter().filter(|known| !known.contains('{'));
        let best = literal.map(|known| (alike(known), known)).filter(|(alike, _)| *alike >= ALIKE);
        best.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, known)| known.as_str())
    }
}

/// Whether a path of two segments or more is the end of an address.
fn is_end(known: &str, path: &str) -> bool {
    path.matches('/').count() >= 2 && known.len() > path.len() && known.ends_with(path)
}

/// The path after what was meant to be a world: `/W/two/rs/prns/1`.
fn after_world(tidy: &str) -> impl Iterator<Item = &str> {
    let inside = tidy.get(..3).filter(|start| start.eq_ignore_ascii_case("/w/")).map(|_| &tidy[2..]);
    let after_name = inside.and_then(|inside| inside[1..].find('/').map(|at| &inside[at + 1..]));
    inside.into_iter().chain(after_name)
}

/// Whether a program asks: it wants no page, and no browser says what it asks for.
fn is_program(headers: &HeaderMap) -> bool {
    !accept(headers).contains("text/html") && !headers.contains_key("sec-fetch-dest")
}

/// A path without doubled and trailing slashes, cut where no address is as long.
fn tidied(path: &str) -> String {
    let short: String = path.chars().take(200).collect();
    let segments = short.split('/').filter(|segment| !segment.is_empty());
    segments.fold(String::new(), |whole, segment| whole + "/" + segment)
}

fn origin_of(headers: &HeaderMap) -> Told {
    let origin = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    origin.map_or_else(|| both!("Origin: нет", "Origin: none"), |origin| format!("Origin: {origin}").into())
}

fn closed_to_pages(response: &Response, path: &str, checks: &Checks) -> Response {
    let expected =
        both!("адрес, который открыт страницам других сайтов", "an address that is open to pages of other sites");
    checks.record(Check::failed(PREFLIGHT, expected, path).mistakes(["preflight-closed"]));
    let message = pick("Этот адрес закрыт для страниц других сайтов", "This address is closed to pages of other sites");
    let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "preflight-closed", message).or(pick(
        "Страница открывает его переходом, а не запросом сценария",
        "A page opens it by going there, not by a request of a script",
    ));
    let mut closed = problem.problem();
    if let Some(allow) = response.headers().get(header::ALLOW) {
        closed.headers_mut().insert(header::ALLOW, allow.clone());
    }
    closed
}

fn wrong_method(response: Response, method: &Method, checks: &Checks) -> Response {
    let allow = response.headers().get(header::ALLOW).cloned();
    let allowed = allow.as_ref().and_then(|allow| allow.to_str().ok()).unwrap_or_default();
    checks.explain_failure(METHOD.into(), allowed, method.as_str(), &named("method-wrong", method.as_str()));
    // An endpoint that says it in its protocol's own words has said it.
    let is_said = response.headers().contains_key(header::CONTENT_TYPE);
    if is_said && response.extensions().get::<Problem>().is_none() {
        return response;
    }
    let mut told = Problem::wrong_method(method, allowed).into_response();
    told.headers_mut().insert(header::ALLOW, allow.unwrap_or(HeaderValue::from_static("")));
    told
}

/// A refusal of the front itself. Its message is one of the site, which is Russian.
pub(super) fn note_refused(checks: &Checks, problem: &Problem) {
    let message = &problem.message;
    let (rule, mistake, expected, got) = match problem.code {
        "foreign-page" => (
            ORIGIN,
            "foreign-page",
            both!(
                "страница этого же сервера, программа или Authorization: Bearer",
                "a page of this server, a program, or Authorization: Bearer"
            ),
            both!("{message}", "a page of another site has sent the request"),
        ),
        "too-large" => (
            BODY,
            "body-too-large",
            both!("тело не больше, чем здесь принимают", "a body no larger than is accepted here"),
            both!("{message}", "a larger body"),
        ),
        "too-late" => (
            BODY,
            "body-too-late",
            both!("тело целиком и вовремя", "the whole body, in time"),
            both!("{message}", "a body that did not come as a whole in time"),
        ),
        _ => return,
    };
    checks.record(Check::failed(rule, expected, got).mistakes([mistake]));
}

/// A world that is not there.
pub(super) fn note_no_world(checks: &Checks, name: &WorldName) {
    let check = Check::failed(
        ADDRESS,
        both!("мир, который есть: GET /control/worlds", "a world that there is: GET /control/worlds"),
        name.as_str(),
    );
    checks.record(check.mistakes(["unknown-world"]));
}
