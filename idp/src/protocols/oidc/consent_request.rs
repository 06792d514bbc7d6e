//! `POST /oidc/consent-requests`: a client requests a consent about a person. Only the mock has this, like the endpoint
//! for ЕСИА's own protocol (Design, Consent on the wire).

use axum::{
    body::Bytes,
    http::{HeaderMap, Method, StatusCode},
    response::Response,
};
use esia::{
    Oid, Scopes,
    language::{Told, both},
};
use serde::Deserialize;
use web::{Checks, InWorld, Problem};
use worlds::{ActError, Check};

use super::{
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Rule},
    userinfo::{Asked, bearer},
};
use crate::{
    grants::{CONSENT_REQUEST, all_behind, behind, words},
    portal::consents::{ConsentError, ConsentResponse, Wanted},
    protocols::Params,
    state::Gosuslugi,
};

/// Maximum length of a purpose, characters.
const MAX_PURPOSE: usize = 200;
const RULE: Rule = ("consent-request", "Design, Consent on the wire");

/// Request body of a consent request.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct NewRequest {
    /// Person whose consent is requested: `sub` of an id token.
    sub: String,
    /// Requested scopes of OpenID Connect.
    scope: String,
    /// Purpose: a sentence that the guardian reads.
    purpose: String,
}

/// Answers `POST /oidc/consent-requests`.
pub(super) async fn ask(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, Params::default()).await?;
    Ok(match judged(&judge, &headers, &body).await {
        Ok(answer) => no_store(StatusCode::OK, &answer),
        Err(refusal) => refusal.into_bearer(),
    })
}

fn read(body: &[u8]) -> Result<(Oid, Scopes, String), String> {
    let NewRequest { sub, scope, purpose } = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let sub = sub.parse().map_err(|_| "sub: not a subject of this issuer".to_owned())?;
    if let Some(unknown) = words(&scope).iter().find(|scope| behind(scope).is_none()) {
        return Err(format!("scope: {} is unknown", unknown.escape_default()));
    }
    let scopes = scope.parse::<Scopes>().ok().filter(|scopes| !all_behind(scopes).is_empty());
    let scopes = scopes.ok_or_else(|| "scope: at least one that needs a consent".to_owned())?;
    let purpose = purpose.trim().to_owned();
    if purpose.is_empty() || purpose.chars().count() > MAX_PURPOSE {
        return Err(format!("purpose: 1 to {MAX_PURPOSE} characters"));
    }
    Ok((sub, scopes, purpose))
}

async fn judged(judge: &Judge<'_>, headers: &HeaderMap, body: &[u8]) -> Result<ConsentResponse, Refusal> {
    let claims = bearer(judge, Asked { method: &Method::POST, query: "", headers }).await?;
    let error = OidcError::new("insufficient_scope", "a client's own token with scope consent_request is needed");
    let right = claims.scope == CONSENT_REQUEST;
    let mistakes = vec!["token-of-person".to_owned()];
    judge.require(
        Check::of(("system-scope", RULE.1), CONSENT_REQUEST, claims.scope.as_str(), right).mistakes(mistakes),
        error,
    )?;
    let read = read(body);
    let got = match &read {
        Ok(_) => both!("читается", "it can be read"),
        Err(wrong) => Told::from(wrong),
    };
    let error = OidcError::invalid_request(read.as_ref().err().cloned().unwrap_or_default().replace('`', "'"));
    judge.require(Check::of(("body", RULE.1), r#"{"sub":"…","scope":"…","purpose":"…"}"#, got, read.is_ok()), error)?;
    let Ok((subject, scopes, purpose)) = read else { return Err(OidcError::invalid_request("unreadable").into()) };
    let gone = OidcError::invalid_token("not of this world");
    let asked = judge.world.world.act(|state, now, _| {
        let client = claims.client_id.parse().ok().and_then(|id| state.clients.get(&id)).ok_or_else(|| gone.clone())?;
        if !state.grants.knows_client_token(&client.spec.mnemonic, &claims.jti) {
            return Err(gone.clone());
        }
        state
            .portal
            .ask_consent(client, subject, Wanted { scopes: all_behind(&scopes), purpose: &purpose }, now)
            .map_err(|error| match error {
                ConsentError::NoSubject => OidcError::invalid_request("sub: no such subject"),
                _ => OidcError::new("insufficient_scope", "scope: not registered for this client"),
            })
    });
    let expected = both!(
        "маркер этого мира, известный человек, разрешённые области",
        "a token of this world, a known person, scopes that are allowed"
    );
    let answer = match asked.await {
        Ok(response) => response,
        Err(ActError::Refused(error)) => {
            judge.checks.expect(RULE, expected, error.description.as_str(), false);
            return Err(error.into());
        }
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    judge.checks.expect(RULE, expected, answer.status.name(), true);
    Ok(answer)
}
