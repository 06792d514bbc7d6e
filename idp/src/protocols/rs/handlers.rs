//! Handlers of `GET /rs/…` (ESIA §4.2), and of the newer API's addresses (ESIA §4.10).

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use chrono::{DateTime, Utc};
use esia::{
    Oid,
    error::RestError,
    language::{Language, both, spoken},
    person::{Collection, Contact},
};
use web::{Checks, InWorld, Problem, WorldUrl};
use worlds::{Check, mistakes::named};

use super::{
    access::{Caller, SCOPE, opened},
    answer::{json, refused, tagged, unreadable},
    embed::Embed,
    model::Granted,
    natural::{Asked, subject},
    organisations,
    table::{Link, OfOrganisation, OfPerson, PERSON, of_organisation, of_person, opening},
};
use crate::state::Gosuslugi;

pub(super) const ADDRESS: (&str, &str) = ("address", "ESIA §4.2");

/// Splits a path into non-empty segments: real clients send trailing and double slashes.
pub(super) fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

/// Answers `GET /rs/…`.
pub(super) async fn get(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    Path(path): Path<String>,
) -> Result<Response, Problem> {
    // The path is taken from the request, because a fault may have replaced the person's number after routing.
    let plain = uri.path().strip_prefix("/rs/").filter(|path| !path.contains('%'));
    show(&world, &checks, Get { headers: &headers, uri: &uri, path: plain.unwrap_or(&path), is_newer: false }).await
}

/// Answers `GET /esia-rs/api/public/v1…v5/…`.
pub(super) async fn get_newer(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    Path((version, path)): Path<(String, String)>,
) -> Result<Response, Problem> {
    if !matches!(version.as_str(), "v1" | "v2" | "v3" | "v4" | "v5") {
        let found = Check::failed(ADDRESS, both!("версия от v1 до v5", "a version from v1 to v5"), version);
        return Ok(refused(checks.refuse(found, RestError::NotFound)));
    }
    show(&world, &checks, Get { headers: &headers, uri: &uri, path: &path, is_newer: true }).await
}

/// Answers requests with another method.
pub(super) async fn wrong_method(checks: Checks, method: Method) -> Response {
    let check = Check::failed(("method", ADDRESS.1), "GET", method.as_str());
    checks.record(check.mistakes([named("method-wrong", method.as_str())]));
    let mut response = unreadable(StatusCode::METHOD_NOT_ALLOWED, "method not allowed".to_owned());
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    response
}

/// Request for data. `path` is the part after `/rs`, or after the version of the newer API.
#[derive(Clone, Copy)]
struct Get<'r> {
    headers: &'r HeaderMap,
    uri: &'r Uri,
    path: &'r str,
    is_newer: bool,
}

async fn show(
    InWorld { world, world_url }: &InWorld<Gosuslugi>,
    checks: &Checks,
    Get { headers, uri, path, is_newer }: Get<'_>,
) -> Result<Response, Problem> {
    let segments = segments(path);
    if segments == ["dscl"] {
        // The login page requests a message to everybody without a token; the mock has no such message.
        return Ok(json(StatusCode::OK, &Collection::<Contact>::items(Vec::new()), None));
    }
    let caller = match Caller::of(world, headers, uri, checks).await {
        Ok(caller) => caller,
        Err(error) => return Ok(refused(error)),
    };
    let (embed, base) = (Embed::of_query(uri.query().unwrap_or_default()), world_url.url("/rs"));
    let asked = Asked { embed: &embed, base: &base, is_newer };
    let below = Below { segments: &segments, asked };
    let answered = world.read(|state, now| answer(state, now, &caller, checks, below)).await?;
    Ok(match (answered, segments.as_slice()) {
        (Ok(response), ["prns", oid]) => linked(response, world_url, oid),
        (Ok(response), _) => response,
        (Err(RestError::NotFound), _) => {
            let expected = both!(
                "адрес, который есть у ЕСИА, и то, что он называет",
                "an address that ESIA has, and what it names"
            );
            refused(checks.refuse(Check::failed(ADDRESS, expected, path), RestError::NotFound))
        }
        (Err(error), _) => refused(error),
    })
}

/// Records the scopes that would open what the token does not open.
fn closed(checks: &Checks, error: RestError, segments: &[&str], granted: &Granted) -> RestError {
    if error != RestError::ScopeNotAllowed {
        return error;
    }
    let opening = opening(segments);
    let expected = if opening.is_empty() {
        both!("никакая область системы этого не открывает", "no scope of the client opens this")
    } else {
        both!("одна из областей: {}", "one of the scopes: {}", opening.join(" "))
    };
    let got = granted.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let got = if got.is_empty() { both!("ни одной", "none") } else { got.into() };
    let mistake = match opening {
        [] => "scope-nothing".to_owned(),
        opening => named("scope-hidden", &opening.join(",")),
    };
    checks.refuse(Check::failed(SCOPE, expected, got).mistakes([mistake]), error)
}

/// Scopes that each open a field of a person (ESIA §4.8).
const OF_PERSON: [&str; 9] =
    ["fullname", "birthdate", "gender", "snils", "inn", "birthplace", "citizenship", "id_doc", "self_employed"];

/// Records the fields of a person that the token does not open, and the scopes that would.
fn note_hidden(checks: &Checks, granted: &Granted) {
    let hidden = OF_PERSON.iter().filter(|name| !granted.contains(**name));
    let known = hidden.filter_map(|name| esia::scope::KNOWN.iter().find(|known| known.name == *name));
    let hidden: Vec<_> = known.collect();
    // The descriptions of scopes exist in Russian only.
    let told = || match spoken() {
        Language::Russian => {
            let told: Vec<_> = hidden.iter().map(|known| format!("{} — {}", known.name, known.description)).collect();
            told.join("; ")
        }
        Language::English => hidden.iter().map(|known| known.name).collect::<Vec<_>>().join(" "),
    };
    let got = if hidden.is_empty() {
        both!("показано всё", "all is shown")
    } else {
        both!("не запрошено: {}", "not asked for: {}", told())
    };
    checks.expect(
        SCOPE,
        both!("показывается то, что открывают области маркера", "what the scopes of the token open is shown"),
        got,
        true,
    );
}

/// Segments of the requested path, and the options of the request.
struct Below<'r> {
    segments: &'r [&'r str],
    asked: Asked<'r>,
}

fn answer(
    state: &Gosuslugi,
    now: DateTime<Utc>,
    caller: &Caller,
    checks: &Checks,
    Below { segments, asked }: Below<'_>,
) -> Result<Response, RestError> {
    let today = worlds::moscow::date(now);
    let parse = |oid: &str| oid.parse::<Oid>().map_err(|_| RestError::NotFound);
    match *segments {
        ["prns", oid, ref rest @ ..] => {
            let oid = parse(oid)?;
            let granted = opened(state, caller, oid, checks)?;
            let account = state.portal.accounts.get(oid).ok_or(RestError::NotFound)?;
            if rest.is_empty() {
                note_hidden(checks, &granted);
            }
            of_person(OfPerson { state, account, granted: &granted, asked, today }, rest)
                .map_err(|error| closed(checks, error, segments, &granted))
        }
        ["orgs", oid, ref rest @ ..] => {
            let oid = parse(oid)?;
            let granted = organisations::opened_organisation(state, caller, oid, checks)?;
            let organisation = state.portal.organisations.get(oid).ok_or(RestError::NotFound)?;
            of_organisation(OfOrganisation { state, organisation, granted: &granted, caller, asked }, rest)
                .map_err(|error| closed(checks, error, segments, &granted))
        }
        ["sbjs"] => {
            let claims = caller.opens_person(checks)?;
            opened(state, caller, claims.subject, checks)?;
            let account = state.portal.accounts.get(claims.subject).ok_or(RestError::NotFound)?;
            Ok(tagged(subject(account, today)))
        }
        _ => Err(RestError::NotFound),
    }
}

/// Adds `Link` headers for the parts of a person to a response (ESIA §4.1).
fn linked(mut response: Response, world_url: &WorldUrl, oid: &str) -> Response {
    let (persons, schemas) = (world_url.url("/rs/prns/"), world_url.url("/rs/model/"));
    let parent = format!("<{persons}>;rel=parent;schema=\"{schemas}prns/Persons-1\"");
    let parts = PERSON.iter().filter_map(|part| {
        let Link { rel, schema } = part.link.as_ref()?;
        Some(format!("<{persons}{oid}/{}>;rel={rel};schema=\"{schemas}{schema}\"", part.path))
    });
    for link in std::iter::once(parent).chain(parts) {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(header::LINK, link);
        }
    }
    response
}
