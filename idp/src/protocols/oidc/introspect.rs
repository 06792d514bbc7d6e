//! `/oidc/revoke` (RFC 7009) and `/oidc/introspect` (RFC 7662): a system about its own tokens.

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::Mnemonic;
use serde::Serialize;
use serde_json::{Value, json};
use web::{Checks, InWorld, Problem};
use worlds::{
    ActError,
    mistakes::{named, short},
};

use super::keys::keys;
use super::{
    client_auth::authenticate,
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Rule},
    keys::Kind,
    model::{OidcEvent, TokenName},
    scopes::words,
    token::AccessClaims,
};
use crate::{
    event::Event,
    protocols::Params,
    slips::{self, token::Kind as Came},
    state::Gosuslugi,
};

const REVOKED: Rule = ("token", "RFC 7009 §2.1, §2.2");
/// What a token must be.
const OWN: &str = "маркер этой системы";
const LOOKED_AT: Rule = ("token", "RFC 7662 §2.1, §2.2");

/// `POST /oidc/revoke`
pub(super) async fn revoke(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match revoked(&world, &judge, (&headers, &uri)).await {
        Ok(()) => (StatusCode::OK, [(axum::http::header::CACHE_CONTROL, "no-store")]).into_response(),
        Err(refusal) => refusal.into_client(&headers),
    })
}

async fn revoked(world: &InWorld<Gosuslugi>, judge: &Judge, request: (&HeaderMap, &Uri)) -> Result<(), Refusal> {
    let client = authenticate(world, judge, request).await?;
    let (token, claims) = (judge.required("token", REVOKED.1)?, access_claims(judge)?);
    let error = OidcError::invalid_request("the token was issued to another client");
    let result = world.world.act(|state, _, _| {
        let Some((name, owner)) = state.token_named(token, claims.as_ref()) else { return Ok((Vec::new(), false)) };
        if owner != *client.id() {
            return Err(error.clone());
        }
        let event = OidcEvent::Revoked { token: name, client: owner };
        Ok((vec![Event::Oidc(event)], true))
    });
    let (got, result) = match result.await {
        Ok(true) => ("отозван", Ok(())),
        Ok(false) => ("этот мир такого не выдавал: отзывать нечего", Ok(())),
        Err(ActError::Refused(error)) => ("выдан другой системе", Err(error)),
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    match result {
        Ok(()) if got == "отозван" => {
            judge.checks.expect(REVOKED, OWN, got, true);
        }
        // An unknown token is as good as revoked (RFC 7009 §2.2).
        Ok(()) => {
            let names = gone(world, judge, token, claims.as_ref()).await?;
            judge.tolerate(REVOKED, OWN, got, names);
        }
        Err(error) => {
            let owner = claims.map(|claims| claims.client_id).unwrap_or_default();
            judge.must_for(REVOKED, OWN, (got, false), (error, vec![named("token-other-client", &owner)]))?;
        }
    }
    Ok(())
}

/// Names of why a token is none that works.
async fn gone(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    token: &str,
    claims: Option<&AccessClaims>,
) -> Result<Vec<String>, Refusal> {
    let looked = slips::token::look(token);
    let look = |state: &Gosuslugi, _| {
        let known = state.knows_of(&looked.core);
        (known, claims.map(|claims| state.oidc.fate(&claims.jti)))
    };
    let (known, fate) = world.world.read(look).await?;
    // Any kind that this protocol issues would do here.
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

/// Of a token that is an access token of this provider, expired or not.
fn access_claims(judge: &Judge) -> Result<Option<AccessClaims>, Refusal> {
    let token = judge.required("token", LOOKED_AT.1)?;
    Ok(keys()?.verify::<AccessClaims>(Kind::Access, token).ok())
}

impl Gosuslugi {
    /// A token that this world has issued and that is not revoked, and whose it is.
    fn token_named(&self, token: &str, claims: Option<&AccessClaims>) -> Option<(TokenName, Mnemonic)> {
        if let Some(claims) = claims {
            self.oidc.access(&claims.jti)?;
            let owner = claims.client_id.parse().ok()?;
            return Some((TokenName::Access { jti: claims.jti.clone() }, owner));
        }
        let refresh = self.oidc.refresh(token)?;
        let family = self.oidc.family(&refresh.code).filter(|family| !family.is_revoked && !refresh.is_revoked)?;
        Some((TokenName::Refresh { token: token.to_owned() }, family.grant.client.clone()))
    }

    /// What there is to say of a token that works, to the system that has it.
    fn introspected(
        &self,
        token: &str,
        claims: Option<&AccessClaims>,
        now: DateTime<Utc>,
    ) -> Option<(Mnemonic, Value)> {
        let (name, owner) = self.token_named(token, claims)?;
        let told = match (&name, claims) {
            (TokenName::Access { .. }, Some(claims)) => {
                if now.timestamp() >= claims.exp {
                    return None;
                }
                let mut told = json!({ "active": true, "token_type": "Bearer" });
                let all = serde_json::to_value(claims).ok()?;
                let fields = told.as_object_mut()?;
                fields.extend(all.as_object()?.clone());
                if let Some(grant) = self.living_grant(claims) {
                    // What the token opens now: of its scopes those that consents in force still give.
                    let account = self.oidc_subject(grant)?;
                    let open = self.scopes_in_force(account, &grant.client, &words(&claims.scope), now);
                    fields.insert("scope".to_owned(), json!(open.join(" ")));
                }
                told
            }
            (TokenName::Refresh { token }, _) => {
                let refresh = self.oidc.refresh(token).filter(|one| !one.is_used && now < one.expires_at)?;
                let grant = &self.oidc.family(&refresh.code)?.grant;
                self.oidc_subject(grant)?;
                json!({
                    "active": true, "token_type": "refresh_token", "client_id": owner.as_str(),
                    "sub": grant.subject.to_string(), "scope": grant.scopes.join(" "),
                    "exp": refresh.expires_at.timestamp(),
                })
            }
            (TokenName::Access { .. }, None) => return None,
        };
        Some((owner, told))
    }
}

/// `POST /oidc/introspect`
pub(super) async fn introspect(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match introspected(&world, &judge, (&headers, &uri)).await {
        Ok(told) => no_store(StatusCode::OK, &told),
        Err(refusal) => refusal.into_client(&headers),
    })
}

#[derive(Debug, Serialize)]
struct Inactive {
    active: bool,
}

async fn introspected(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    request: (&HeaderMap, &Uri),
) -> Result<Value, Refusal> {
    let client = authenticate(world, judge, request).await?;
    let error = OidcError::invalid_client("a public client may not ask about tokens");
    let got = if client.oidc.is_public() { "публичная" } else { "конфиденциальная" };
    let public = (error, vec!["client-public".to_owned()]);
    judge.must_for(("client", "RFC 7662 §2.1"), "конфиденциальная система", (got, !client.oidc.is_public()), public)?;
    let (token, claims) = (judge.required("token", LOOKED_AT.1)?, access_claims(judge)?);
    let look = |state: &Gosuslugi, now| state.introspected(token, claims.as_ref(), now);
    let found = world.world.read(look).await?;
    // Of another's token one hears no more than of one that never was.
    let (got, told, names) = match found {
        Some((owner, told)) if owner == *client.id() => ("действует".to_owned(), Some(told), Vec::new()),
        Some((owner, _)) => (format!("выдан системе {owner}"), None, vec![named("token-other-client", owner.as_str())]),
        None => {
            let names = gone(world, judge, token, claims.as_ref()).await?;
            ("не действует, или этот мир такого не выдавал".to_owned(), None, names)
        }
    };
    if names.is_empty() {
        judge.checks.expect(LOOKED_AT, "маркер этой системы", got, true);
    } else {
        judge.tolerate(LOOKED_AT, "действующий маркер этой системы", &got, names);
    }
    Ok(told.unwrap_or_else(|| json!(Inactive { active: false })))
}
