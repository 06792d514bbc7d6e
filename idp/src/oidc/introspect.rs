//! `/oidc/revoke` (RFC 7009) and `/oidc/introspect` (RFC 7662): a system about its own tokens.

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, Utc};
use esia::Mnemonic;
use serde::Serialize;
use serde_json::{Value, json};
use web::{Checks, InWorld, Trouble};
use worlds::ActError;

use super::{
    client_auth::authenticate,
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Rule},
    keys::{Kind, keys},
    model::{OidcEvent, TokenName},
    scopes::words,
    token::AccessClaims,
};
use crate::{
    oauth::Params,
    state::{Event, Gosuslugi},
};

const REVOKED: Rule = ("token", "RFC 7009 §2.1, §2.2");
const LOOKED_AT: Rule = ("token", "RFC 7662 §2.1, §2.2");

/// `POST /oidc/revoke`
pub(super) async fn revoke(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Trouble> {
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
    // An unknown token is as good as revoked (RFC 7009 §2.2).
    let (got, result) = match result.await {
        Ok(true) => ("отозван", Ok(())),
        Ok(false) => ("этот мир такого не выдавал: отзывать нечего", Ok(())),
        Err(ActError::Refused(error)) => ("выдан другой системе", Err(error)),
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    judge.checks.expect(REVOKED, "маркер этой системы", got, result.is_ok());
    Ok(result?)
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
) -> Result<Response, Trouble> {
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
    judge.must(("client", "RFC 7662 §2.1"), "конфиденциальная система", (got, !client.oidc.is_public()), error)?;
    let (token, claims) = (judge.required("token", LOOKED_AT.1)?, access_claims(judge)?);
    let look = |state: &Gosuslugi, now| state.introspected(token, claims.as_ref(), now);
    let found = world.world.read(look).await?;
    // Of another's token one hears no more than of one that never was.
    let (got, told) = match found {
        Some((owner, told)) if owner == *client.id() => ("действует".to_owned(), Some(told)),
        Some((owner, _)) => (format!("выдан системе {owner}"), None),
        None => ("не действует, или этот мир такого не выдавал".to_owned(), None),
    };
    judge.checks.expect(LOOKED_AT, "маркер этой системы", got, true);
    Ok(told.unwrap_or_else(|| json!(Inactive { active: false })))
}
