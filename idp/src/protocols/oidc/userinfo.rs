//! Userinfo endpoint, `/oidc/userinfo` (OpenID Connect Core §5.3), and access tokens of requests (RFC 6750).

use std::collections::BTreeSet;

use axum::{
    http::{HeaderMap, Method, StatusCode, request::Parts},
    response::Response,
};
use esia::Scopes;
use esia::language::both;
use web::{Checks, InWorld, Problem};
use worlds::{
    Check,
    mistakes::{named, short},
};

use super::{
    claims::{Named, claims_of, opened},
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Rule},
    token::AccessClaims,
};
use crate::{
    grants::{CONSENT_REQUEST, Grant, subject_of},
    protocols::Params,
    signing::Kind,
    slips::{self, known::knows_of, token::Kind as Kinds},
    state::Gosuslugi,
};

/// The parts of a request in which an access token may come, or be looked for.
#[derive(Clone, Copy)]
pub(super) struct Asked<'r> {
    pub(super) method: &'r Method,
    pub(super) query: &'r str,
    pub(super) headers: &'r HeaderMap,
}

const TOKEN: Rule = ("access-token", "RFC 6750 §2, §3.1; RFC 9068 §4");

/// Answers `GET` and `POST /oidc/userinfo`.
pub(super) async fn userinfo(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    parts: Parts,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    // The query is kept apart, because a token in it is not accepted like one in the body.
    let asked = Asked { method: &parts.method, query: parts.uri.query().unwrap_or_default(), headers: &parts.headers };
    Ok(match judged(&judge, asked).await {
        Ok(claims) => no_store(StatusCode::OK, &claims),
        Err(refusal) => refusal.into_bearer(),
    })
}

async fn judged(judge: &Judge<'_>, asked: Asked<'_>) -> Result<serde_json::Map<String, serde_json::Value>, Refusal> {
    let claims = bearer(judge, asked).await?;
    let scopes: Option<Scopes> = claims.scope.parse().ok().filter(|scopes: &Scopes| scopes.contains("openid"));
    let error = OidcError::new("insufficient_scope", "the token has no openid scope");
    let own = if claims.scope == CONSENT_REQUEST { "token-of-client" } else { "scope-openid" };
    let mistakes = vec![own.to_owned()];
    let rule = ("token-scope", "OpenID Connect Core §5.3");
    judge.require(
        Check::of(rule, "openid", claims.scope.as_str(), scopes.is_some()).mistakes(mistakes),
        error.clone(),
    )?;
    let scopes = scopes.ok_or(error)?;
    let gone = OidcError::invalid_token("revoked, or not of this world");
    let opened = judge.world.world.read(|state, now| {
        let grant = living_grant(state, &claims)?;
        let account = subject_of(state, grant)?;
        let named = &grant.oidc()?.claims.userinfo;
        let (_, revoked) = opened(state, grant, &scopes);
        judge.checks.of_person(account.name.to_string());
        Some((claims_of(state, account, &grant.client, Named { scopes: Some(&scopes), claims: named }, now), revoked))
    });
    let opened = opened.await?;
    let fate = judge.world.world.read(|state, _| fate(state, &claims)).await?;
    judge.checks.of_client(claims.client_id.as_str());
    let got = if opened.is_some() {
        both!("выдан и не отозван", "issued and not revoked")
    } else {
        both!("отозван или не из этого мира", "revoked, or not of this world")
    };
    let mistakes = vec![other_world(judge, &claims.iss).unwrap_or_else(|| fate.to_owned())];
    judge.require(
        Check::of(
            ("token-known", "RFC 6750 §3.1"),
            both!("маркер этого мира, не отозванный", "a token of this world that is not revoked"),
            got,
            opened.is_some(),
        )
        .mistakes(mistakes),
        gone.clone(),
    )?;
    let (claims, revoked) = opened.ok_or(gone)?;
    note_hidden(judge, &scopes);
    note_revoked(judge, &revoked);
    Ok(claims)
}

/// Names the reason why a token that this provider has signed opens nothing here.
fn fate(state: &Gosuslugi, claims: &AccessClaims) -> &'static str {
    let is_registered = claims.client_id.parse().is_ok_and(|id| state.clients.get(&id).is_some());
    let session = living_grant(state, claims).map(|grant| subject_of(state, grant).is_some());
    match (is_registered, session) {
        (false, _) => "token-client-gone",
        (true, Some(false)) => "token-session-gone",
        (true, _) => state.grants.fate(&claims.jti),
    }
}

/// Names the world of an issuer on this server, if it is another world.
fn other_world(judge: &Judge<'_>, iss: &str) -> Option<String> {
    let path = iss.strip_prefix(&judge.world.world_url.origin).filter(|_| iss != judge.issuer())?;
    let name = path.strip_prefix("/w/").unwrap_or("main");
    Some(named("token-other-world", name))
}

/// Records the scopes that would have opened more claims.
fn note_hidden(judge: &Judge<'_>, scopes: &Scopes) {
    let more = ["profile", "email", "phone", "address", "snils", "birth_cert_doc", "id_doc", "children"];
    let hidden: Vec<_> = more.into_iter().filter(|scope| !scopes.contains(scope)).collect();
    let got = if hidden.is_empty() {
        both!("показано всё", "all is shown")
    } else {
        both!("не запрошено: {}", "not asked for: {}", hidden.join(" "))
    };
    let rule = ("token-scope", "OpenID Connect Core §5.3, §5.4");
    judge.checks.expect(
        rule,
        both!("показывается то, что открывают области маркера", "what the scopes of the token open is shown"),
        got,
        true,
    );
}

fn note_revoked(judge: &Judge<'_>, revoked: &BTreeSet<String>) {
    let names: Vec<_> = revoked.iter().map(String::as_str).collect();
    let got = if names.is_empty() {
        both!("действуют все", "all are in force")
    } else {
        both!("отозваны: {}", "revoked: {}", names.join(" "))
    };
    let rule = ("consents", "Design, Consent on the wire");
    if names.is_empty() {
        judge.checks.expect(
            rule,
            both!("согласия на области маркера", "consents to the scopes of the token"),
            got,
            true,
        );
    } else {
        let gone = named("scope-consent-gone", &names.join(","));
        judge.tolerate(rule, both!("согласия на области маркера", "consents to the scopes of the token"), got, [gone]);
    }
}

/// Returns the claims of the access token that came with a request, after verifying signature and expiry. The token may
/// be in the header or in the form body of a `POST`, but nowhere else.
pub(super) async fn bearer(judge: &Judge<'_>, asked: Asked<'_>) -> Result<AccessClaims, Refusal> {
    let Asked { method, query, headers } = asked;
    let shown = slips::token::bearer(headers, query);
    let in_header = shown.as_ref().ok().map(|(token, _)| token.as_str());
    if let Ok((_, tolerated)) = &shown {
        judge.tolerate(
            TOKEN,
            both!("Authorization: Bearer, один пробел, маркер", "Authorization: Bearer, one blank, the token"),
            both!("иначе", "otherwise"),
            tolerated.iter().cloned(),
        );
    }
    let came = judge.optional("access_token")?;
    if in_header.is_some() && came.is_some() {
        let got = both!("в заголовке и ещё раз", "in the header and once more");
        let found = Check::failed(TOKEN, both!("маркер передан одним способом", "the token is sent in one way"), got);
        judge.require(found.mistakes(["token-twice"]), OidcError::invalid_request("the token came twice"))?;
    }
    // Only a form that was posted may hold it (RFC 6750 §2.2).
    let in_body = came.filter(|_| query.is_empty() && method == Method::POST);
    let error = OidcError::no_token();
    let token = in_header.or(in_body);
    judge.require(
        Check::of(
            TOKEN,
            "Authorization: Bearer",
            if token.is_some() { both!("есть", "it is there") } else { both!("нет", "none") },
            token.is_some(),
        )
        .mistakes(shown.as_ref().err().cloned().unwrap_or_default()),
        error,
    )?;
    let token = token.unwrap_or_default();
    let looked = slips::token::look(token);
    let known = judge.world.world.read(|state, _| knows_of(state, &looked.core)).await?;
    let names = looked.mistakes(Kinds::OpenIdAccess, known, &judge.issuer());
    Ok(read(judge, token, names)?)
}

/// Verifies an access token of this provider and its expiry, and returns its claims. `names` are the mistakes found
/// before.
fn read(judge: &Judge<'_>, token: &str, mut names: Vec<String>) -> Result<AccessClaims, OidcError> {
    let read = judge.keys.verify_openid::<AccessClaims>(Kind::Access, token);
    let got = read.as_ref().map_or_else(Clone::clone, |claims| format!("jti={}", claims.jti).into());
    let error = OidcError::invalid_token("not an access token of this issuer");
    if names.is_empty() {
        let is_jwt = token.split('.').count() == 3;
        names.push(if is_jwt { "token-signature" } else { "token-malformed" }.to_owned());
    }
    judge.require(
        Check::of(
            TOKEN,
            both!("маркер доступа этого поставщика, RS256", "an access token of this provider, RS256"),
            got,
            read.is_ok(),
        )
        .mistakes(names),
        error.clone(),
    )?;
    let claims = read.map_err(|_| error)?;
    let now = judge.now.timestamp();
    let got = both!("exp={}, сейчас {now}", "exp={}, now it is {now}", claims.exp);
    let late = named("token-expired", &short(chrono::TimeDelta::seconds(now - claims.exp)));
    let found = Check::of(TOKEN, both!("срок не истёк", "it has not expired"), got, now < claims.exp);
    judge.require(found.mistakes([late]), OidcError::invalid_token("expired"))?;
    Ok(claims)
}

/// Returns the grant behind a person's access token, if this world has issued the token, it is not revoked, and its
/// client is still registered.
pub(super) fn living_grant<'s>(state: &'s Gosuslugi, claims: &AccessClaims) -> Option<&'s Grant> {
    let (_, grant) = state.grants.access(&claims.jti)?;
    let grant = grant.filter(|grant| grant.client.as_str() == claims.client_id)?;
    state.clients.get(&grant.client).map(|_| grant)
}
