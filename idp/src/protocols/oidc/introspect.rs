//! Revocation, `/oidc/revoke` (RFC 7009), and introspection, `/oidc/introspect` (RFC 7662), of a client's own tokens.

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::Mnemonic;
use esia::language::{Told, both};
use serde::Serialize;
use serde_json::{Value, json};
use web::{Checks, InWorld, Problem};
use worlds::{
    ActError, Check,
    mistakes::{named, short},
};

use super::{
    client_auth::authenticate,
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Rule},
    token::AccessClaims,
    userinfo::living_grant,
};
use crate::{
    event::Event,
    grants::{GrantEvent, Protocol, TokenName, oidc_in_force, subject_of},
    protocols::Params,
    signing::Kind,
    slips::{self, known::knows_of, token::Kind as Came},
    state::Gosuslugi,
};

const REVOKED: Rule = ("token", "RFC 7009 §2.1, §2.2");
const LOOKED_AT: Rule = ("token", "RFC 7662 §2.1, §2.2");

/// Expected value of the checks of a token.
fn own() -> Told {
    both!("маркер этой системы", "a token of this client")
}

/// Answers `POST /oidc/revoke`.
pub(super) async fn revoke(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match revoked(&judge, &headers, &uri).await {
        Ok(()) => (StatusCode::OK, [(axum::http::header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(refusal) => refusal.into_client(&headers),
    })
}

async fn revoked(judge: &Judge<'_>, headers: &HeaderMap, uri: &Uri) -> Result<(), Refusal> {
    let client = authenticate(judge, headers, uri).await?;
    let (token, claims) = (judge.required("token", REVOKED.1)?, access_claims(judge)?);
    let error = OidcError::invalid_request("the token was issued to another client");
    let result = judge.world.world.act(|state, _, _| {
        let Some((name, owner)) = token_named(state, token, claims.as_ref()) else { return Ok((Vec::new(), false)) };
        if owner != *client.id() {
            return Err(error.clone());
        }
        let event = GrantEvent::Revoked { token: name, client: owner };
        Ok((vec![Event::Grant(event)], true))
    });
    let (got, result) = match result.await {
        Ok(true) => (both!("отозван", "revoked"), Ok(true)),
        Ok(false) => (
            both!(
                "этот мир такого не выдавал: отзывать нечего",
                "this world has not issued it: there is nothing to revoke"
            ),
            Ok(false),
        ),
        Err(ActError::Refused(error)) => (both!("выдан другой системе", "issued to another client"), Err(error)),
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    match result {
        Ok(true) => {
            judge.checks.expect(REVOKED, own(), got, true);
        }
        // An unknown token counts as revoked (RFC 7009 §2.2).
        Ok(false) => {
            let names = gone(judge, token, claims.as_ref()).await?;
            judge.tolerate(REVOKED, own(), got, names);
        }
        Err(error) => {
            let owner = claims.map(|claims| claims.client_id).unwrap_or_default();
            judge.require(
                Check::of(REVOKED, own(), got, false).mistakes(vec![named("token-other-client", &owner)]),
                error,
            )?;
        }
    }
    Ok(())
}

/// Names the reasons why a token does not work.
async fn gone(judge: &Judge<'_>, token: &str, claims: Option<&AccessClaims>) -> Result<Vec<String>, Refusal> {
    let looked = slips::token::look(token);
    let look = |state: &Gosuslugi, _| {
        let known = knows_of(state, &looked.core);
        (known, claims.map(|claims| state.grants.fate(&claims.jti)))
    };
    let (known, fate) = judge.world.world.read(look).await?;
    // Access and refresh tokens are both accepted here, so the kind of a known token is no mistake.
    let wanted = known.unwrap_or(Came::OpenIdAccess);
    let names = looked.mistakes(wanted, known, &judge.issuer());
    if !names.is_empty() {
        return Ok(names);
    }
    let late = claims.map(|claims| judge.now.timestamp() - claims.exp).filter(|late| *late >= 0);
    Ok(vec![match (late, fate) {
        (Some(late), _) => named("token-expired", &short(TimeDelta::seconds(late))),
        (None, Some(fate)) => fate.to_owned(),
        (None, None) if known.is_some() => "token-revoked".to_owned(),
        (None, None) => "grant-unknown".to_owned(),
    }])
}

/// Returns the claims if the token is an access token of this provider, expired or not.
fn access_claims(judge: &Judge<'_>) -> Result<Option<AccessClaims>, Refusal> {
    let token = judge.required("token", LOOKED_AT.1)?;
    Ok(judge.keys.verify_openid::<AccessClaims>(Kind::Access, token).ok())
}

/// Returns a token that this world has issued and that is not revoked, and the client that it was issued to.
fn token_named(state: &Gosuslugi, token: &str, claims: Option<&AccessClaims>) -> Option<(TokenName, Mnemonic)> {
    if let Some(claims) = claims {
        state.grants.access(&claims.jti)?;
        let owner = claims.client_id.parse().ok()?;
        return Some((TokenName::Access(claims.jti.clone()), owner));
    }
    let (refresh, code) = state.grants.refresh(Protocol::Oidc, token)?;
    let is_revoked = code.is_revoked || refresh.is_revoked;
    (!is_revoked).then(|| (TokenName::Refresh(token.to_owned()), code.grant.client.clone()))
}

/// Returns the introspection response for a token that works, and the client that it was issued to.
fn told(
    state: &Gosuslugi,
    token: &str,
    claims: Option<&AccessClaims>,
    now: DateTime<Utc>,
) -> Option<(Mnemonic, Value)> {
    let (_, owner) = token_named(state, token, claims)?;
    let told = match claims {
        Some(claims) => of_access(state, claims, now)?,
        None => of_refresh(state, token, now)?,
    };
    Some((owner, told))
}

fn of_access(state: &Gosuslugi, claims: &AccessClaims, now: DateTime<Utc>) -> Option<Value> {
    if now.timestamp() >= claims.exp {
        return None;
    }
    let mut told = json!({ "active": true, "token_type": "Bearer" });
    let fields = told.as_object_mut()?;
    fields.extend(serde_json::to_value(claims).ok()?.as_object()?.clone());
    if let Some(grant) = living_grant(state, claims) {
        // Only scopes that consents in force still grant.
        let account = subject_of(state, grant)?;
        let asked = claims.scope.parse().ok()?;
        let open = oidc_in_force(state, account, &grant.client, &asked, now);
        fields.insert("scope".to_owned(), json!(open.map(|open| open.to_string()).unwrap_or_default()));
    }
    Some(told)
}

fn of_refresh(state: &Gosuslugi, token: &str, now: DateTime<Utc>) -> Option<Value> {
    let (refresh, code) = state.grants.refresh(Protocol::Oidc, token)?;
    let works = refresh.used_at.is_none() && now < refresh.expires_at;
    let grant = Some(&code.grant).filter(|_| works)?;
    subject_of(state, grant)?;
    Some(json!({
        "active": true, "token_type": "refresh_token", "client_id": grant.client.as_str(),
        "sub": grant.subject.to_string(), "scope": grant.scopes.to_string(),
        "exp": refresh.expires_at.timestamp(),
    }))
}

/// Answers `POST /oidc/introspect`.
pub(super) async fn introspect(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match introspected(&judge, &headers, &uri).await {
        Ok(told) => no_store(StatusCode::OK, &told),
        Err(refusal) => refusal.into_client(&headers),
    })
}

#[derive(Debug, Serialize)]
struct Inactive {
    active: bool,
}

async fn introspected(judge: &Judge<'_>, headers: &HeaderMap, uri: &Uri) -> Result<Value, Refusal> {
    let client = authenticate(judge, headers, uri).await?;
    let error = OidcError::invalid_client("a public client may not ask about tokens");
    let got = if client.oidc.is_public() {
        both!("публичная", "public")
    } else {
        both!("конфиденциальная", "confidential")
    };
    let found = Check::of(
        ("client", "RFC 7662 §2.1"),
        both!("конфиденциальная система", "a confidential client"),
        got,
        !client.oidc.is_public(),
    );
    judge.require(found.mistakes(["client-public"]), error)?;
    let (token, claims) = (judge.required("token", LOOKED_AT.1)?, access_claims(judge)?);
    let look = |state: &Gosuslugi, now| told(state, token, claims.as_ref(), now);
    let found = judge.world.world.read(look).await?;
    // For another client's token the response is the same as for an unknown token.
    let (got, told, names) = match found {
        Some((owner, told)) if owner == *client.id() => (both!("действует", "it is in force"), Some(told), Vec::new()),
        Some((owner, _)) => (
            both!("выдан системе {owner}", "issued to client {owner}"),
            None,
            vec![named("token-other-client", owner.as_str())],
        ),
        None => {
            let names = gone(judge, token, claims.as_ref()).await?;
            (
                both!(
                    "не действует, или этот мир такого не выдавал",
                    "it is not in force, or this world has not issued it"
                ),
                None,
                names,
            )
        }
    };
    if names.is_empty() {
        judge.checks.expect(LOOKED_AT, own(), got, true);
    } else {
        judge.tolerate(
            LOOKED_AT,
            both!("действующий маркер этой системы", "a token of this client that is in force"),
            got,
            names,
        );
    }
    Ok(told.unwrap_or_else(|| json!(Inactive { active: false })))
}
