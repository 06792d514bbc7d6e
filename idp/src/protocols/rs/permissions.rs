//! `POST /rs/prns/{oid}/permissions/requests`: a client requests a consent. Only the mock has this endpoint: ЕСИА's own
//! one for minors is not public (Design, Consent on the wire).

use std::collections::BTreeSet;

use axum::{
    body::Bytes,
    extract::Path,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use esia::{Oid, Scope, Scopes, error::RestError, language::both, token::SystemClaims};
use serde::Deserialize;
use web::{Checks, InWorld, Problem};
use worlds::{ActError, Check};

use super::{
    access::{bearer, token_of_other_world},
    answer::{json, refused, unreadable},
    handlers::{ADDRESS, segments},
};
use crate::{
    grants::permission_subject,
    portal::consents::{ConsentError, Wanted},
    state::Gosuslugi,
};

/// Maximum length of a purpose, characters.
const MAX_PURPOSE: usize = 200;

/// Request body of a consent request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewPermission {
    /// Purpose: `EDUCATION_DIARY`, or a sentence that the guardian reads.
    purpose: String,
    scopes: BTreeSet<String>,
}

/// Answers `POST /rs/…`.
pub(super) async fn ask(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    Path(path): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let claims: SystemClaims = match bearer(&world.world, &headers, "", &checks).await {
        Ok(claims) => claims,
        Err(error) => return Ok(refused(error)),
    };
    let oid = match segments(&path)[..] {
        ["prns", oid, "permissions", "requests"] => oid.parse::<Oid>().ok(),
        _ => None,
    };
    let Some(oid) = oid else {
        let found = Check::failed(ADDRESS, "prns/{oid}/permissions/requests", path);
        return Ok(refused(checks.refuse(found, RestError::NotFound)));
    };
    let permitted = claims.scope.parse::<Scopes>().ok().and_then(|scopes| permission_subject(&scopes));
    let rule = ("system-scope", "Design, Consent on the wire");
    let found = Check::of(rule, format!("prm_req?oid={oid}"), claims.scope.as_str(), permitted == Some(oid));
    if let Err(error) = checks.require(found, RestError::ScopeNotAllowed) {
        return Ok(refused(error));
    }
    match read(&body) {
        Ok(new) => decide(&world, &checks, &claims, oid, &new).await,
        Err(message) => {
            checks.expect(("body", rule.1), r#"{"purpose":"…","scopes":["…"]}"#, message.as_str(), false);
            Ok(unreadable(StatusCode::BAD_REQUEST, message))
        }
    }
}

fn read(body: &[u8]) -> Result<NewPermission, String> {
    let mut new: NewPermission = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    if new.purpose.trim().is_empty() || new.purpose.chars().count() > MAX_PURPOSE {
        return Err(format!("purpose: 1 to {MAX_PURPOSE} characters"));
    }
    new.scopes.remove("openid");
    if new.scopes.is_empty() {
        return Err("scopes: at least one besides openid".to_owned());
    }
    match new.scopes.iter().find(|scope| scope.parse::<Scope>().is_err()) {
        Some(scope) => Err(format!("scopes: `{scope}` is not a scope")),
        None => Ok(new),
    }
}

async fn decide(
    world: &InWorld<Gosuslugi>,
    checks: &Checks,
    claims: &SystemClaims,
    oid: Oid,
    new: &NewPermission,
) -> Result<Response, Problem> {
    let purpose = if new.purpose == "EDUCATION_DIARY" {
        "Вход в электронный дневник"
    } else {
        new.purpose.trim()
    };
    let asked = world.world.act(|state, now, _| {
        let client = state.clients.get(&claims.client_id).ok_or(RestError::InvalidToken)?;
        if !state.grants.knows_client_token(&claims.client_id, &claims.jti) {
            return Err(RestError::InvalidToken);
        }
        state.portal.ask_consent(client, oid, Wanted { scopes: new.scopes.clone(), purpose }, now).map_err(|error| {
            match error {
                ConsentError::NoSubject => RestError::NotFound,
                _ => RestError::ScopeNotAllowed,
            }
        })
    });
    let rule = ("permission", "Design, Consent on the wire");
    let expected = both!(
        "маркер этого мира, известный человек, разрешённые области",
        "a token of this world, a known person, scopes that are allowed"
    );
    let answer = match asked.await {
        Ok(response) => response,
        Err(ActError::Refused(error)) => {
            let is_unknown = error == RestError::InvalidToken;
            let elsewhere = is_unknown.then(|| token_of_other_world(&world.world, &claims.jti)).flatten();
            let found = Check::failed(rule, expected, error.code()).mistakes(elsewhere);
            return Ok(refused(checks.refuse(found, error)));
        }
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    checks.expect(rule, expected, answer.status.name(), true);
    Ok(json(StatusCode::OK, &answer, None))
}
