//! `GET /rs/prns/{oid}…` (§4.2).

use axum::{
    extract::Path,
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use esia::{Oid, error::RestError, person::Tagged, token::AccessClaims};
use serde::Serialize;
use web::{Checks, InWorld, Trouble};

use super::{
    access::{bearer, json, refused, unreadable},
    model::{Depth, Embed, Granted, collection, contacts, documents, person},
};
use crate::{accounts::Account, state::Gosuslugi};

/// Parts of a path, empty ones left out.
pub(super) fn segments(path: &str) -> Vec<&str> {
    path.split('/').filter(|segment| !segment.is_empty()).collect()
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Resource<'p> {
    Person,
    Contacts,
    Contact(&'p str),
    Documents,
    Document(&'p str),
}

impl<'p> Resource<'p> {
    fn of(path: &'p str) -> Option<(Oid, Self)> {
        let (oid, resource) = match segments(path)[..] {
            ["prns", oid] => (oid, Self::Person),
            ["prns", oid, "ctts"] => (oid, Self::Contacts),
            ["prns", oid, "ctts", id] => (oid, Self::Contact(id)),
            ["prns", oid, "docs"] => (oid, Self::Documents),
            ["prns", oid, "docs", id] => (oid, Self::Document(id)),
            _ => return None,
        };
        oid.parse().ok().map(|oid| (oid, resource))
    }
}

/// `GET /rs/…`
pub(super) async fn get(
    InWorld { world, place }: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    Path(path): Path<String>,
) -> Result<Response, Trouble> {
    let claims: AccessClaims = match bearer(&headers, world.now(), &checks) {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(error)),
    };
    let Some((oid, resource)) = Resource::of(&path) else { return Ok(refused(RestError::NotFound)) };
    let query = uri.query().unwrap_or_default();
    let embed = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "embed");
    let embed = embed.map(|(_, value)| Embed::parse(&value)).unwrap_or_default();
    let base = place.url(&format!("/rs/prns/{oid}"));
    let answered = world.read(|state, _| {
        let granted = state.opened(&claims, oid, &checks)?;
        let account = state.accounts.get(oid).ok_or(RestError::NotFound)?;
        show(account, &granted, (resource, embed), &base)
    });
    Ok(answered.await?.unwrap_or_else(refused))
}

/// Any other method.
pub(super) async fn wrong_method() -> Response {
    unreadable(StatusCode::METHOD_NOT_ALLOWED, "method not allowed".to_owned())
}

fn show(
    account: &Account,
    granted: &Granted,
    (resource, embed): (Resource<'_>, Embed),
    base: &str,
) -> Result<Response, RestError> {
    let depth = if embed.elements { Depth::Elements } else { Depth::Links };
    let contacts = || contacts(account, granted).ok_or(RestError::ScopeNotAllowed);
    let documents = || documents(account, granted).ok_or(RestError::ScopeNotAllowed);
    Ok(match resource {
        Resource::Person => tagged(person(account, granted, embed, base)),
        Resource::Contacts => tagged(collection(contacts()?, depth, &format!("{base}/ctts"), |one| one.id)),
        Resource::Documents => tagged(collection(documents()?, depth, &format!("{base}/docs"), |one| one.id)),
        Resource::Contact(id) => one(contacts()?, |contact| contact.id.to_string() == id)?,
        Resource::Document(id) => one(documents()?, |document| document.id.to_string() == id)?,
    })
}

fn one<T: Tagged>(items: Vec<T>, is_it: impl Fn(&T) -> bool) -> Result<Response, RestError> {
    items.into_iter().find(is_it).map(tagged).ok_or(RestError::NotFound)
}

fn tagged<T: Tagged + Serialize>(mut body: T) -> Response {
    let e_tag = body.tag().clone();
    json(StatusCode::OK, &body, e_tag.as_deref())
}
