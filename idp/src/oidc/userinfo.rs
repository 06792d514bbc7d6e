//! `/oidc/userinfo` (OpenID Connect Core §5.3), and access tokens as resources see them (RFC 6750).

use std::collections::BTreeSet;

use axum::{
    http::{HeaderMap, StatusCode, header},
    response::Response,
};
use web::{Checks, InWorld, Trouble};

use super::{
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Rule},
    keys::{Kind, keys},
    model::Grant,
    scopes::words,
    token::AccessClaims,
};
use crate::{oauth::Params, state::Gosuslugi};

const TOKEN: Rule = ("access-token", "RFC 6750 §2, §3.1; RFC 9068 §4");

/// `GET` and `POST /oidc/userinfo`
pub(super) async fn userinfo(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    params: Params,
) -> Result<Response, Trouble> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match judged(&world, &judge, &headers).await {
        Ok(claims) => no_store(StatusCode::OK, &claims),
        Err(refusal) => refusal.into_bearer(),
    })
}

async fn judged(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    headers: &HeaderMap,
) -> Result<serde_json::Map<String, serde_json::Value>, Refusal> {
    let claims = bearer(judge, headers)?;
    let scopes = words(&claims.scope);
    let error = OidcError::new("insufficient_scope", "the token has no openid scope");
    let has_openid = scopes.iter().any(|scope| scope == "openid");
    judge.must(("token-scope", "OpenID Connect Core §5.3"), "openid", (claims.scope.as_str(), has_openid), error)?;
    let gone = OidcError::invalid_token("revoked, or not of this world");
    let opened = world.world.read(|state, now| {
        let grant = state.living_grant(&claims)?;
        let account = state.oidc_subject(grant)?;
        let (_, revoked) = state.oidc_opened(grant, &scopes);
        Some((state.oidc_claims((grant, account), (&scopes, &grant.claims.userinfo), now), revoked))
    });
    let opened = opened.await?;
    let got = if opened.is_some() {
        "выдан и не отозван"
    } else {
        "отозван или не из этого мира"
    };
    judge.must(
        ("token-known", "RFC 6750 §3.1"),
        "маркер этого мира, не отозванный",
        (got, opened.is_some()),
        gone.clone(),
    )?;
    let (claims, revoked) = opened.ok_or(gone)?;
    note_revoked(judge, &revoked);
    Ok(claims)
}

fn note_revoked(judge: &Judge, revoked: &BTreeSet<String>) {
    let names: Vec<_> = revoked.iter().map(String::as_str).collect();
    let got = if names.is_empty() {
        "действуют все".to_owned()
    } else {
        format!("отозваны: {}", names.join(" "))
    };
    judge.checks.expect(("consents", "DESIGN.md, Consent on the wire"), "согласия на области маркера", got, true);
}

/// The claims of the token that came with a request: in the header, or in the body of a form, and nowhere else; signature
/// and term are checked.
pub(super) fn bearer(judge: &Judge, headers: &HeaderMap) -> Result<AccessClaims, OidcError> {
    let value = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let in_header = value.and_then(|value| value.split_once(' '));
    let in_header =
        in_header.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
    let in_body = judge.optional("access_token")?;
    let error = OidcError::invalid_request("the token came twice");
    let got = if in_body.is_some() { "и в заголовке, и в теле" } else { "в заголовке" };
    let once = !(in_header.is_some() && in_body.is_some());
    if !once {
        judge.must(TOKEN, "маркер передан одним способом", (got, false), error)?;
    }
    let error = OidcError::invalid_token("Authorization: Bearer with an access token is needed");
    let token = in_header.or(in_body);
    judge.must(
        TOKEN,
        "Authorization: Bearer",
        (if token.is_some() { "есть" } else { "нет" }, token.is_some()),
        error,
    )?;
    read(judge, token.unwrap_or_default())
}

/// The claims of an access token of this provider that has not expired.
pub(super) fn read(judge: &Judge, token: &str) -> Result<AccessClaims, OidcError> {
    let read = keys()
        .map_err(|_| "ключ не читается".to_owned())
        .and_then(|keys| keys.verify::<AccessClaims>(Kind::Access, token));
    let got = read.as_ref().map_or_else(Clone::clone, |claims| format!("jti={}", claims.jti));
    let error = OidcError::invalid_token("not an access token of this issuer");
    judge.must(TOKEN, "маркер доступа этого поставщика, RS256", (got, read.is_ok()), error.clone())?;
    let claims = read.map_err(|_| error)?;
    let now = judge.now.timestamp();
    let got = format!("exp={}, сейчас {now}", claims.exp);
    judge.must(TOKEN, "срок не истёк", (got, now < claims.exp), OidcError::invalid_token("expired"))?;
    Ok(claims)
}

impl Gosuslugi {
    /// The grant behind a person's access token, if this world has issued it, nobody has revoked it, and its system is still
    /// registered.
    pub(super) fn living_grant(&self, claims: &AccessClaims) -> Option<&Grant> {
        let (_, grant) = self.oidc.access(&claims.jti)?;
        let grant = grant.filter(|grant| grant.client.as_str() == claims.client_id)?;
        self.clients.get(&grant.client).map(|_| grant)
    }
}
