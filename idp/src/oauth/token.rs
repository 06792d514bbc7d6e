//! `/aas/oauth2/te`: a system gets tokens (§3).

use axum::{
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use esia::{
    EsiaError, Mnemonic, Oid, Scopes,
    token::{CodeClaims, SystemClaims, TokenError, TokenResponse},
};
use web::{Checks, InWorld, Trouble};
use worlds::{ActError, store::StoreError};

use super::{
    grant::{GrantError, Tokens, fingerprint},
    judge::{Judge, Rule},
    keys::keys,
    model::OAuthEvent,
    params::{ParamError, Params},
};
use crate::{
    clients::Client,
    state::{Event, Gosuslugi},
};

/// The content type of every answer of ЕСИА (§3.3).
pub(crate) const JSON: &str = "application/json;charset=UTF-8";
/// Where the parameters are listed.
const SOURCE: &str = "ESIA-PROTOCOL §3.2";
const CODE: Rule = ("code", "ESIA-PROTOCOL §3.8, §1.5");
const REFRESH: Rule = ("refresh-token", "ESIA-PROTOCOL §3.2, §1.5");

/// Why there are no tokens.
enum Refusal {
    /// The system hears it.
    Esia(EsiaError),
    /// Nobody but the log does.
    Trouble(Trouble),
}

impl From<EsiaError> for Refusal {
    fn from(error: EsiaError) -> Self {
        Self::Esia(error)
    }
}

impl From<Trouble> for Refusal {
    fn from(trouble: Trouble) -> Self {
        Self::Trouble(trouble)
    }
}

impl From<StoreError> for Refusal {
    fn from(error: StoreError) -> Self {
        Self::Trouble(error.into())
    }
}

/// Tokens, signed.
struct Signed {
    access: String,
    id: Option<String>,
    refresh: Option<String>,
    expires_in: u32,
}

/// `POST /aas/oauth2/te`
pub(super) async fn token(world: InWorld<Gosuslugi>, checks: Checks, params: Params) -> Result<Response, Trouble> {
    let judge = Judge::of(&world, checks, params.merged()).await?;
    let state = judge.params.one("state").ok().map(str::to_owned);
    match judged(&world, &judge).await {
        Ok(Signed { access, id, refresh, expires_in }) => Ok(json(
            StatusCode::OK,
            &TokenResponse {
                access_token: access,
                id_token: id,
                state: state.unwrap_or_default(),
                token_type: "Bearer".to_owned(),
                expires_in,
                refresh_token: refresh,
            },
        )),
        Err(Refusal::Esia(error)) => Ok(refused(StatusCode::BAD_REQUEST, &error, state)),
        Err(Refusal::Trouble(trouble)) => Err(trouble),
    }
}

/// Any other method at the same address.
pub(super) async fn wrong_method() -> Response {
    refused(StatusCode::METHOD_NOT_ALLOWED, &EsiaError::InvalidRequest, None)
}

fn refused(status: StatusCode, error: &EsiaError, state: Option<String>) -> Response {
    let (error, error_description) = (error.oauth_error().to_owned(), error.description());
    json(status, &TokenError { error, error_description, state })
}

fn json(status: StatusCode, body: &impl serde::Serialize) -> Response {
    let headers = [(header::CONTENT_TYPE, JSON), (header::CACHE_CONTROL, "no-store"), (header::PRAGMA, "no-cache")];
    match serde_json::to_vec(body) {
        Ok(body) => (status, headers, body).into_response(),
        Err(error) => Trouble::internal(error).into_response(),
    }
}

async fn judged(world: &InWorld<Gosuslugi>, judge: &Judge) -> Result<Signed, Refusal> {
    let client = judge.client(SOURCE)?;
    let grant_type = judge.required("grant_type", SOURCE)?;
    let known = "authorization_code, refresh_token или client_credentials";
    let is_known = matches!(grant_type, "authorization_code" | "refresh_token" | "client_credentials");
    judge.must(("grant-type", SOURCE), known, (grant_type, is_known), EsiaError::UnsupportedGrantType)?;
    match grant_type {
        "authorization_code" => by_code(world, judge, &client).await,
        "refresh_token" => by_refresh(world, judge, &client).await,
        _ => by_itself(world, judge, &client).await,
    }
}

async fn by_code(world: &InWorld<Gosuslugi>, judge: &Judge, client: &Client) -> Result<Signed, Refusal> {
    let (code, redirect_uri) = (judge.required("code", SOURCE)?, judge.required("redirect_uri", SOURCE)?);
    let key = match keys()?.verify::<CodeClaims>(code, judge.now) {
        Ok(claims) => fingerprint(&claims),
        Err(error) => {
            judge.must(CODE, "код, выданный этим миром", (error.to_string(), false), EsiaError::InvalidGrant)?;
            String::new()
        }
    };
    let asked = world.world.read(|state, _| state.oauth.code(&key).map(|code| code.grant.asked.clone())).await?;
    check_signature(judge, client, asked.as_ref(), CODE)?;
    let mnemonic = &client.spec.mnemonic;
    let redeemed = world.world.act(|state, now, rng| state.redeem(&key, (mnemonic, redirect_uri), now, rng)).await;
    sign(given(judge, CODE, redeemed)?)
}

async fn by_refresh(world: &InWorld<Gosuslugi>, judge: &Judge, client: &Client) -> Result<Signed, Refusal> {
    let token = judge.required("refresh_token", SOURCE)?;
    let asked = |state: &Gosuslugi, _| state.oauth.refresh_token(token).map(|refresh| refresh.grant.asked.clone());
    let asked = world.world.read(asked).await?;
    check_signature(judge, client, asked.as_ref(), REFRESH)?;
    let mnemonic = &client.spec.mnemonic;
    let refreshed = world.world.act(|state, now, rng| state.refresh(token, mnemonic, now, rng)).await;
    sign(given(judge, REFRESH, refreshed)?)
}

/// The system signs this request's own scope; without one, that of its authorization request (§9, 7).
fn check_signature(judge: &Judge, client: &Client, asked: Option<&Scopes>, rule: Rule) -> Result<(), Refusal> {
    let timestamp = judge.timestamp(SOURCE)?;
    let scope = match (judge.params.one("scope"), asked) {
        (Err(ParamError::Missing), Some(asked)) => asked.raw(),
        (Err(ParamError::Missing), None) => {
            judge.must(rule, "выдан этим миром", (GrantError::Unknown.to_string(), false), EsiaError::InvalidGrant)?;
            ""
        }
        _ => judge.required("scope", SOURCE)?,
    };
    Ok(judge.signature(client, scope, &timestamp, SOURCE)?)
}

/// Notes how a decision about a code or a refresh token ended.
fn given(judge: &Judge, rule: Rule, decided: Result<Tokens, ActError<GrantError>>) -> Result<Tokens, Refusal> {
    let expected = "не использован, не просрочен, той же системы, с тем же redirect_uri";
    match decided {
        Ok(tokens) => {
            judge.must(rule, expected, (tokens.access.scope.clone(), true), EsiaError::InvalidGrant)?;
            Ok(tokens)
        }
        Err(ActError::Refused(error)) => {
            judge.must(rule, expected, (error.to_string(), false), EsiaError::InvalidGrant)?;
            Err(EsiaError::InvalidGrant.into())
        }
        Err(ActError::Store(error)) => Err(error.into()),
    }
}

/// Signs after the world has been left: two signatures cost more than all the rest.
fn sign(Tokens { access, id, refresh }: Tokens) -> Result<Signed, Refusal> {
    let signer = &keys()?.signer;
    let expires_in = lifetime(access.iat, access.exp);
    let access = signer.sign(&access).map_err(Trouble::internal)?;
    let id = id.map(|claims| signer.sign(&claims)).transpose().map_err(Trouble::internal)?;
    Ok(Signed { access, id, refresh, expires_in })
}

/// `expires_in`, seconds.
fn lifetime(iat: i64, exp: i64) -> u32 {
    u32::try_from(exp - iat).unwrap_or_default()
}

/// `client_credentials`: a token of the system's own, to ask for a consent about a person. The one scope of this kind here
/// is ours, `prm_req?oid=…`; what real ЕСИА offers instead is not public.
async fn by_itself(world: &InWorld<Gosuslugi>, judge: &Judge, client: &Client) -> Result<Signed, Refusal> {
    const SCOPE: Rule = ("system-scope", "DESIGN.md, Consent on the wire");
    let scope = judge.required("scope", SOURCE)?;
    let timestamp = judge.timestamp(SOURCE)?;
    judge.signature(client, scope, &timestamp, SOURCE)?;
    let read = scope.parse::<Scopes>();
    judge.must(SCOPE, "prm_req?oid=…", (scope, read.is_ok()), EsiaError::InvalidScope)?;
    let subject = read.ok().and_then(|scopes| permission_subject(&scopes));
    judge.must(SCOPE, "prm_req?oid=…", (scope, subject.is_some()), EsiaError::NoGrants)?;
    let subject = subject.ok_or(EsiaError::NoGrants)?;
    let issued = |state: &Gosuslugi, now: chrono::DateTime<chrono::Utc>, _: &mut _| {
        let term = state.settings.tokens.access_ttl_s;
        let claims = system_claims(&client.spec.mnemonic, subject, &state.settings.iss, (now.timestamp(), term));
        let (client, expires_at) = (client.spec.mnemonic.clone(), now + TimeDelta::seconds(i64::from(term)));
        Ok::<_, Trouble>((vec![Event::Oauth(OAuthEvent::SystemTokenIssued { client, subject, expires_at })], claims))
    };
    let claims = world.world.act(issued).await.map_err(Trouble::from)?;
    let access = keys()?.signer.sign(&claims).map_err(Trouble::internal)?;
    Ok(Signed { access, id: None, refresh: None, expires_in: lifetime(claims.iat, claims.exp) })
}

fn system_claims(client: &Mnemonic, subject: Oid, iss: &str, (iat, term): (i64, u32)) -> SystemClaims {
    SystemClaims {
        nbf: iat,
        scope: format!("prm_req?oid={subject}"),
        iss: iss.to_owned(),
        exp: iat + i64::from(term),
        iat,
        client_id: client.clone(),
        org_oid: None,
    }
}

/// The person of the one scope `prm_req?oid=…`.
pub(crate) fn permission_subject(scopes: &Scopes) -> Option<Oid> {
    let mut scopes = scopes.iter();
    let only = scopes.next().filter(|scope| scope.name == "prm_req")?;
    if scopes.next().is_some() { None } else { only.oid }
}
