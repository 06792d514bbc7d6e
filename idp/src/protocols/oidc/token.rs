//! `/oidc/token`: a system gets tokens (OpenID Connect Core §3.1.3, §12; RFC 6749 §4.4, §6; RFC 9068).

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use web::{Checks, InWorld, Problem};
use worlds::{Check, Outcome, WorldRng, mistakes::named};

use super::keys::keys;
use super::{
    client_auth::authenticate,
    decide::{Asks, GrantError, Tokens},
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Registered, Rule, TOKEN},
    keys::{Kind, at_hash},
    model::OidcEvent,
    scopes::{CONSENT_REQUEST, words},
};
use crate::{
    event::Event,
    protocols::Params,
    slips::{self, token::Kind as Came, value::slip},
    state::Gosuslugi,
};

const SOURCE: &str = "RFC 6749 §4.1.3, §6";
const CODE: Rule = ("code", "RFC 6749 §4.1.2, §4.1.3; RFC 7636 §4.6");
const REFRESH: Rule = ("refresh-token", "RFC 6749 §6, RFC 9700 §4.14.2");

/// Claims of an access token (RFC 9068 §2.2).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct AccessClaims {
    pub(super) iss: String,
    pub(super) sub: String,
    pub(super) aud: String,
    pub(super) client_id: String,
    pub(super) scope: String,
    pub(super) jti: String,
    pub(super) iat: i64,
    pub(super) exp: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) auth_time: Option<i64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) acr: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) amr: Vec<String>,
}

/// Claims of an id token (OpenID Connect Core §2; `sid`: OpenID Connect Back-Channel Logout §2.1).
#[derive(Debug, Clone, PartialEq, Serialize)]
struct IdClaims<'t> {
    iss: &'t str,
    sub: String,
    aud: &'t str,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'t str>,
    acr: &'t str,
    amr: &'t [String],
    at_hash: String,
    sid: &'t str,
    /// What it says about the person besides.
    #[serde(flatten)]
    person: &'t Map<String, Value>,
}

/// A good answer (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
#[derive(Debug, Serialize)]
struct Answer {
    access_token: String,
    token_type: &'static str,
    expires_in: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    id_token: Option<String>,
    scope: String,
}

/// `POST /oidc/token`
pub(super) async fn token(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match judged(&world, &judge, (&headers, &uri)).await {
        Ok(answer) => no_store(StatusCode::OK, &answer),
        Err(refusal) => refusal.into_client(&headers),
    })
}

async fn judged(world: &InWorld<Gosuslugi>, judge: &Judge, request: (&HeaderMap, &Uri)) -> Result<Answer, Refusal> {
    let client = authenticate(world, judge, request).await?;
    judge.note_manners(TOKEN);
    let grant_type = judge.required("grant_type", SOURCE)?;
    let known = matches!(grant_type, "authorization_code" | "refresh_token" | "client_credentials");
    let error = OidcError::new("unsupported_grant_type", "grant_type is not one of those in the discovery document");
    let expected = "authorization_code, refresh_token или client_credentials";
    let is_known = |text: &str| matches!(text, "authorization_code" | "refresh_token" | "client_credentials");
    let mistake = slip("grant_type", grant_type, is_known).unwrap_or_else(|| named("grant-type-unknown", grant_type));
    judge.must_for(("grant-type", SOURCE), expected, (grant_type, known), (error, vec![mistake]))?;
    match grant_type {
        "authorization_code" => by_code(world, judge, &client).await,
        "refresh_token" => by_refresh(world, judge, &client).await,
        _ => by_itself(world, judge, &client).await,
    }
}

async fn by_code(world: &InWorld<Gosuslugi>, judge: &Judge, client: &Registered) -> Result<Answer, Refusal> {
    let (code, redirect_uri) = (judge.required("code", SOURCE)?, judge.required("redirect_uri", SOURCE)?);
    let verifier = judge.optional("code_verifier")?;
    let iss = judge.issuer();
    let asks = Asks { client: client.id(), iss: &iss };
    let decide = |state: &Gosuslugi, now, rng: &mut _| {
        Ok::<_, Problem>(state.oidc_redeem((code, redirect_uri, verifier), asks, now, rng))
    };
    let redeemed = world.world.act(decide).await.map_err(Problem::from)?;
    if redeemed.is_ok() && verifier.is_some_and(|verifier| !slips::pkce::is_verifier(verifier)) {
        let form = ["pkce-verifier-form".to_owned()];
        judge.tolerate(CODE, "code_verifier: от 43 до 128 знаков", verifier.unwrap_or_default(), form);
    }
    let names = match &redeemed {
        Err(GrantError::OtherVerifier { expected, .. }) => {
            slips::pkce::verifier(verifier.unwrap_or_default(), expected).into_iter().collect()
        }
        Err(GrantError::Unknown) => came_instead(world, judge, Came::OpenIdCode, code).await?,
        _ => Vec::new(),
    };
    answer(&given(world, judge, (CODE, code, names), redeemed)?, true)
}

async fn by_refresh(world: &InWorld<Gosuslugi>, judge: &Judge, client: &Registered) -> Result<Answer, Refusal> {
    let token = judge.required("refresh_token", SOURCE)?;
    let narrowed = judge.optional("scope")?.map(words);
    let iss = judge.issuer();
    let asks = Asks { client: client.id(), iss: &iss };
    let decide = |state: &Gosuslugi, now, rng: &mut _| {
        Ok::<_, Problem>(state.oidc_refresh((token, narrowed.as_deref()), asks, now, rng))
    };
    let refreshed = world.world.act(decide).await.map_err(Problem::from)?;
    let names = match &refreshed {
        Err(GrantError::Unknown) => came_instead(world, judge, Came::OpenIdRefresh, token).await?,
        _ => Vec::new(),
    };
    answer(&given(world, judge, (REFRESH, token, names), refreshed)?, false)
}

/// Names of what came in place of a code or refresh token.
async fn came_instead(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    wanted: Came,
    text: &str,
) -> Result<Vec<String>, Refusal> {
    let looked = slips::token::look(text);
    let lower = looked.core.to_lowercase();
    let look = |state: &Gosuslugi, _| (state.knows_of(&looked.core), state.knows_of(&lower));
    let (known, in_lower_case) = world.world.read(look).await?;
    let is_another_case = known.is_none() && in_lower_case.is_some();
    let case = is_another_case
        .then(|| named("parameter-case", if wanted == Came::OpenIdCode { "code" } else { "refresh_token" }));
    Ok(looked.mistakes(wanted, known, &judge.issuer()).into_iter().chain(case).collect())
}

/// Notes how a decision about a code or a refresh token ended.
fn given(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    (rule, text, mut names): (Rule, &str, Vec<String>),
    decided: Result<Tokens, GrantError>,
) -> Result<Tokens, OidcError> {
    let expected = "не использован, не просрочен, той же системы, с тем же redirect_uri и verifier";
    let error = match decided {
        Ok(tokens) => {
            judge.checks.expect(rule, expected, format!("выдано: {}", tokens.scopes.join(" ")), true);
            return Ok(tokens);
        }
        Err(error) => error,
    };
    if names.is_empty() {
        names.push(error.mistake(judge.now));
    }
    let answer = match error {
        GrantError::Wider(_) => OidcError::new("invalid_scope", error.description()),
        _ => OidcError::invalid_grant(error.description()),
    };
    let mut check = Check::new(rule, expected, error.to_string(), Outcome::Failed).mistakes(names);
    check.error = Some(answer.error.to_owned());
    let has = |entry: &worlds::Entry| entry.status == 200 && entry.request.body.contains(text);
    let used = (error == GrantError::Used).then(|| world.world.journal().newest_that(has)).flatten();
    if let Some(used) = used {
        check = check.detail("Этот код использован запросом", format!("/control/console/requests/{}", used.id));
    }
    judge.checks.record(check);
    Err(answer)
}

/// Signs after the world has been left: two signatures cost more than all the rest.
fn answer(tokens: &Tokens, with_nonce: bool) -> Result<Answer, Refusal> {
    let Tokens { issued, grant, acr, scopes, now, id_expires_at, id_claims } = tokens;
    let (keys, iat) = (keys()?, now.timestamp());
    let (sub, aud, scope) = (grant.subject.to_string(), grant.client.as_str(), scopes.join(" "));
    let access = keys.sign(
        Kind::Access,
        &AccessClaims {
            iss: issued.iss.clone(),
            sub: sub.clone(),
            aud: issued.iss.clone(),
            client_id: aud.to_owned(),
            scope: scope.clone(),
            jti: issued.access.clone(),
            iat,
            exp: issued.expires_at.timestamp(),
            auth_time: Some(grant.signed_in_at.timestamp()),
            acr: Some((*acr).to_owned()),
            amr: grant.amr.clone(),
        },
    )?;
    let id = keys.sign(
        Kind::Id,
        &IdClaims {
            iss: &issued.iss,
            sub,
            aud,
            iat,
            exp: id_expires_at.timestamp(),
            auth_time: grant.signed_in_at.timestamp(),
            nonce: grant.nonce.as_deref().filter(|_| with_nonce),
            acr,
            amr: &grant.amr,
            at_hash: at_hash(&access),
            sid: &grant.sid,
            person: id_claims,
        },
    );
    let refresh_token = issued.refresh.clone();
    let id_token = scopes.iter().any(|scope| scope == "openid").then_some(id?);
    let expires_in = issued.expires_at.timestamp() - iat;
    Ok(Answer { access_token: access, token_type: "Bearer", expires_in, refresh_token, id_token, scope })
}

/// `client_credentials`: a token of the system's own, to ask for a consent about a person (RFC 6749 §4.4).
async fn by_itself(world: &InWorld<Gosuslugi>, judge: &Judge, client: &Registered) -> Result<Answer, Refusal> {
    let error = OidcError::new("unauthorized_client", "a public client gets no token of its own");
    let got = if client.oidc.is_public() { "публичная" } else { "конфиденциальная" };
    let public = (error, vec!["client-public".to_owned()]);
    judge.must_for(("client", "RFC 6749 §4.4"), "конфиденциальная система", (got, !client.oidc.is_public()), public)?;
    let scope = judge.optional("scope")?.unwrap_or(CONSENT_REQUEST);
    let error = OidcError::new("invalid_scope", "a client of its own may ask for consent_request alone");
    judge.must(("system-scope", "RFC 6749 §4.4.2"), CONSENT_REQUEST, (scope, scope == CONSENT_REQUEST), error)?;
    let issued = |state: &Gosuslugi, now: DateTime<Utc>, rng: &mut WorldRng| {
        let expires_in = i64::from(state.terms(client.id()).access_ttl_s);
        let (jti, expires_at) = (rng.uuid(), now + TimeDelta::seconds(expires_in));
        let event = OidcEvent::SystemTokenIssued { client: client.id().clone(), jti: jti.clone(), expires_at };
        Ok::<_, Problem>((vec![Event::Oidc(event)], (jti, now.timestamp(), expires_in)))
    };
    let (jti, iat, expires_in) = world.world.act(issued).await.map_err(Problem::from)?;
    let (iss, id, scope) = (judge.issuer(), client.id().to_string(), CONSENT_REQUEST.to_owned());
    let claims = AccessClaims {
        aud: iss.clone(),
        iss,
        sub: id.clone(),
        client_id: id,
        scope: scope.clone(),
        jti,
        iat,
        exp: iat + expires_in,
        auth_time: None,
        acr: None,
        amr: Vec::new(),
    };
    let access_token = keys()?.sign(Kind::Access, &claims)?;
    Ok(Answer { access_token, token_type: "Bearer", expires_in, refresh_token: None, id_token: None, scope })
}
