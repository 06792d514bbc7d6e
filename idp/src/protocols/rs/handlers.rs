//! `GET /rs/…` (ESIA §4.2), and the same at the addresses of the newer API (ESIA §4.10).

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    response::Response,
};
use chrono::{DateTime, Utc};
use esia::{
    Oid,
    error::RestError,
    person::{Collection, Contact},
};
use web::{Checks, InWorld, Problem, WorldUrl};
use worlds::mistakes::named;

use super::{
    access::{Caller, SCOPE, opened, refuse, refuse_for},
    answer::{in_line, json, listed, refused, tagged, unreadable},
    embed::Embed,
    kids::{KID_DOCUMENTS, KID_SCOPES, kid_documents, kids},
    model::{Granted, Keyed, collection},
    natural::{Asked, context, person, roles, subject},
    organisations,
    parts::{DOCUMENT_SCOPES, addresses, contacts, documents, vehicles},
};
use crate::{portal::accounts::Account, state::Gosuslugi};

pub(super) const ADDRESS: (&str, &str) = ("address", "ESIA §4.2");

/// Parts of a person that `Link` headers name: path, `rel`, schema (recorded in 2017).
const LINKS: [(&str, &str, &str); 13] = [
    ("prmns", "permissions", "prmns/PersonPermissions-1"),
    ("ctx", "context", "ctx/RegContext-1"),
    ("events", "events", "events/AuditEvents-1"),
    ("reqs", "requests", "reqs/Requests-1"),
    ("sec", "sec", "sec/SecuritySettings-1"),
    ("addrs", "addresses", "addrs/Addresses-1"),
    ("roles", "roles", "roles/Roles-1"),
    ("ctts", "contacts", "ctts/Contacts-1"),
    ("docs", "documents", "docs/Documents-1"),
    ("vhls", "vehicles", "vhls/Vehicles-1"),
    ("kids", "kids", "kids/Kids-1"),
    ("trmnls", "terminals", "trmnls/Terminals-1"),
    ("orgs", "organizations", "orgs/Organizations-1"),
];

/// Parts of a path, empty ones left out: real clients write trailing and double slashes.
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
    // As the request says now: a fault may have put another number there since the route was found.
    let plain = uri.path().strip_prefix("/rs/").filter(|path| !path.contains('%'));
    show(&world, (checks, &headers), &uri, (plain.unwrap_or(&path), false)).await
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
        return Ok(refused(refuse(&checks, ADDRESS, ("версия от v1 до v5", version), RestError::NotFound)));
    }
    show(&world, (checks, &headers), &uri, (&path, true)).await
}

/// Any other method.
pub(super) async fn wrong_method(checks: Checks, method: Method) -> Response {
    let check = worlds::Check::new(("method", ADDRESS.1), "GET", method.as_str(), worlds::Outcome::Failed);
    checks.record(check.mistakes([named("method-wrong", method.as_str())]));
    let mut response = unreadable(StatusCode::METHOD_NOT_ALLOWED, "method not allowed".to_owned());
    response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("GET,HEAD"));
    response
}

async fn show(
    InWorld { world, world_url }: &InWorld<Gosuslugi>,
    (checks, headers): (Checks, &HeaderMap),
    uri: &Uri,
    (path, is_newer): (&str, bool),
) -> Result<Response, Problem> {
    let segments = segments(path);
    if segments == ["dscl"] {
        // The login page asks for a message to everybody, with no token; there is none.
        return Ok(json(StatusCode::OK, &Collection::<Contact>::items(Vec::new()), None));
    }
    let caller = match Caller::of(world, (headers, uri.query().unwrap_or_default()), &checks).await {
        Ok(caller) => caller,
        Err(error) => return Ok(refused(error)),
    };
    let (embed, base) = (Embed::of_query(uri.query().unwrap_or_default()), world_url.url("/rs"));
    let asked = Asked { embed: &embed, base: &base, is_newer };
    let answered = world.read(|state, now| answer(state, &caller, (&segments, asked), (now, &checks))).await?;
    Ok(match (answered, segments.as_slice()) {
        (Ok(response), ["prns", oid]) => linked(response, world_url, oid),
        (Ok(response), _) => response,
        (Err(RestError::NotFound), _) => {
            let expected = "адрес, который есть у ЕСИА, и то, что он называет";
            refused(refuse(&checks, ADDRESS, (expected, path), RestError::NotFound))
        }
        (Err(error), _) => refused(error),
    })
}

/// Scopes of which each opens a part (ESIA §4.8); none opens what is for the portal alone.
pub(super) fn opening(segments: &[&str]) -> Vec<String> {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    match *segments {
        ["prns", _, "ctts", ..] => names(&["contacts", "email", "mobile"]),
        ["prns", _, "addrs", ..] => names(&["contacts", "addresses"]),
        ["prns", _, "docs", ..] => DOCUMENT_SCOPES.iter().map(|(name, _)| (*name).to_owned()).collect(),
        ["prns", _, "vhls", ..] => names(&["vehicles"]),
        ["prns", _, "kids", _, "docs", ..] => names(&KID_DOCUMENTS),
        ["prns", _, "kids", ..] => names(&KID_SCOPES),
        ["prns", _, "roles" | "orgs"] => names(&["usr_org"]),
        ["orgs", _, "emps", _, "grps", ..] => names(&["org_grps"]),
        ["orgs", _, part, ..] => vec![format!("org_{part}")],
        _ => Vec::new(),
    }
}

/// Notes which scopes would have opened what these do not.
fn closed(checks: &Checks, error: RestError, (segments, granted): (&[&str], &Granted)) -> RestError {
    if error != RestError::ScopeNotAllowed {
        return error;
    }
    let opening = opening(segments);
    let expected = if opening.is_empty() {
        "никакая область системы этого не открывает".to_owned()
    } else {
        format!("одна из областей: {}", opening.join(" "))
    };
    let got = granted.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    let got = if got.is_empty() { "ни одной".to_owned() } else { got };
    let mistake = match opening.as_slice() {
        [] => "scope-nothing".to_owned(),
        opening => named("scope-hidden", &opening.join(",")),
    };
    refuse_for(checks, SCOPE, (expected, got), (error, vec![mistake]))
}

/// Scopes that open a field of a person (ESIA §4.8).
const OF_PERSON: [&str; 9] =
    ["fullname", "birthdate", "gender", "snils", "inn", "birthplace", "citizenship", "id_doc", "self_employed"];

/// Notes what of a person the token does not show, and which scope would.
fn note_hidden(checks: &Checks, granted: &Granted) {
    let hidden = OF_PERSON.iter().filter(|name| !granted.contains(**name));
    let told = hidden.filter_map(|name| {
        let known = esia::scope::KNOWN.iter().find(|known| known.name == *name)?;
        Some(format!("{} — {}", known.name, known.description))
    });
    let told: Vec<_> = told.collect();
    let got = if told.is_empty() {
        "показано всё".to_owned()
    } else {
        format!("не запрошено: {}", told.join("; "))
    };
    checks.expect(SCOPE, "показывается то, что открывают области маркера", got, true);
}

fn answer(
    state: &Gosuslugi,
    caller: &Caller,
    (segments, asked): (&[&str], Asked<'_>),
    (now, checks): (DateTime<Utc>, &Checks),
) -> Result<Response, RestError> {
    let parse = |oid: &str| oid.parse::<Oid>().map_err(|_| RestError::NotFound);
    match *segments {
        ["prns", oid, ref rest @ ..] => {
            let oid = parse(oid)?;
            let granted = opened(state, caller, oid, checks)?;
            let account = state.portal.accounts.get(oid).ok_or(RestError::NotFound)?;
            if rest.is_empty() {
                note_hidden(checks, &granted);
            }
            of_person(state, (account, now), &granted, (rest, asked))
                .map_err(|error| closed(checks, error, (segments, &granted)))
        }
        ["orgs", oid, ref rest @ ..] => {
            let oid = parse(oid)?;
            let granted = organisations::opened_organisation(state, caller, oid, checks)?;
            let organisation = state.portal.organisations.get(oid).ok_or(RestError::NotFound)?;
            organisations::show(state, organisation, (&granted, caller), (rest, asked))
                .map_err(|error| closed(checks, error, (segments, &granted)))
        }
        ["sbjs"] => {
            let claims = caller.opens_person(checks)?;
            opened(state, caller, claims.subject, checks)?;
            let account = state.portal.accounts.get(claims.subject).ok_or(RestError::NotFound)?;
            Ok(tagged(subject(account, worlds::moscow::date(now))))
        }
        _ => Err(RestError::NotFound),
    }
}

fn of_person(
    state: &Gosuslugi,
    (account, now): (&Account, DateTime<Utc>),
    granted: &Granted,
    (rest, asked): (&[&str], Asked<'_>),
) -> Result<Response, RestError> {
    let base = asked.person(account.oid);
    let list = |path: &str| format!("{base}/{path}");
    match *rest {
        [] => Ok(tagged(person(state, account, granted, asked))),
        ["ctts", ref id @ ..] => listed(contacts(account, granted), id, asked, &list("ctts")),
        ["addrs", ref id @ ..] => listed(addresses(account, granted, asked.is_newer), id, asked, &list("addrs")),
        ["docs", ref id @ ..] => listed(documents(account, granted), id, asked, &list("docs")),
        ["vhls", ref id @ ..] => listed(vehicles(account, granted), id, asked, &list("vhls")),
        ["kids", kid, "docs", ref id @ ..] => {
            let open = kids(state, account, granted).ok_or(RestError::ScopeNotAllowed)?;
            let number = open.iter().find(|open| open.key() == kid).ok_or(RestError::NotFound)?.id;
            let card =
                state.portal.family.of(account.oid).find(|card| card.id.0 == number).ok_or(RestError::NotFound)?;
            listed(kid_documents(card, granted), id, asked, &list(&format!("kids/{kid}/docs")))
        }
        ["kids", ref id @ ..] => listed(kids(state, account, granted), id, asked, &list("kids")),
        ["roles"] => in_line(roles(state, account, granted)),
        ["orgs"] => {
            let roles = roles(state, account, granted).ok_or(RestError::ScopeNotAllowed)?;
            Ok(tagged(collection(roles, asked.embed.depth(), &format!("{}/orgs", asked.base))))
        }
        ["ctx"] => Ok(tagged(context(account, worlds::moscow::date(now)))),
        // They are there, and no scope of a relying party opens them.
        ["prmns" | "events" | "reqs" | "sec" | "trmnls", ..] => Err(RestError::ScopeNotAllowed),
        _ => Err(RestError::NotFound),
    }
}

/// The answer about a person with `Link` headers to its parts (ESIA §4.1).
fn linked(mut response: Response, world_url: &WorldUrl, oid: &str) -> Response {
    let (persons, schemas) = (world_url.url("/rs/prns/"), world_url.url("/rs/model/"));
    let parent = format!("<{persons}>;rel=parent;schema=\"{schemas}prns/Persons-1\"");
    let part = |(path, rel, schema): (&str, &str, &str)| {
        format!("<{persons}{oid}/{path}>;rel={rel};schema=\"{schemas}{schema}\"")
    };
    for link in std::iter::once(parent).chain(LINKS.map(part)) {
        if let Ok(link) = HeaderValue::from_str(&link) {
            response.headers_mut().append(header::LINK, link);
        }
    }
    response
}
