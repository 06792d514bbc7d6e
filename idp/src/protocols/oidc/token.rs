//! Token endpoint, `/oidc/token` (OpenID Connect Core §3.1.3, §12; RFC 6749 §4.4, §6; RFC 9068).

use std::sync::Arc;

use axum::{
    http::{HeaderMap, StatusCode, Uri},
    response::Response,
};
use chrono::{DateTime, Utc};
use esia::Scopes;
use esia::language::{Told, both};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use web::{Checks, InWorld, Problem};
use worlds::{Check, WorldRng, mistakes::named};

use super::{
    claims::of_id_token,
    client_auth::authenticate,
    error::{OidcError, Refusal, no_store},
    judge::{Judge, Registered, Rule, TOKEN},
};
use crate::{
    event::Event,
    grants::{
        self, CONSENT_REQUEST, ClientTokenPurpose, Decision, GrantError, GrantEvent, PresentedCode, PresentedRefresh,
        Protocol, TokenRequest, Tokens, acr, grant_of_other_world, seconds, terms,
    },
    protocols::Params,
    signing::{Kind, OpenIdKey, at_hash},
    slips::{self, known::knows_of, token::Kind as Came, value::slip},
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
struct IdClaims {
    iss: String,
    sub: String,
    aud: String,
    iat: i64,
    exp: i64,
    auth_time: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<String>,
    acr: String,
    amr: Vec<String>,
    at_hash: String,
    sid: String,
    /// Claims about the person.
    #[serde(flatten)]
    person: Map<String, Value>,
}

/// Successful response (RFC 6749 §5.1, OpenID Connect Core §3.1.3.3).
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

/// Answers `POST /oidc/token`.
pub(super) async fn token(
    world: InWorld<Gosuslugi>,
    checks: Checks,
    headers: HeaderMap,
    uri: Uri,
    params: Params,
) -> Result<Response, Problem> {
    let judge = Judge::of(&world, checks, params).await?;
    Ok(match judged(&judge, &headers, &uri).await {
        Ok(answer) => no_store(StatusCode::OK, &answer),
        Err(refusal) => refusal.into_client(&headers),
    })
}

async fn judged(judge: &Judge<'_>, headers: &HeaderMap, uri: &Uri) -> Result<Answer, Refusal> {
    let client = authenticate(judge, headers, uri).await?;
    judge.note_manners(TOKEN);
    let grant_type = judge.required("grant_type", SOURCE)?;
    let known = matches!(grant_type, "authorization_code" | "refresh_token" | "client_credentials");
    let error = OidcError::new("unsupported_grant_type", "grant_type is not one of those in the discovery document");
    let expected = both!(
        "authorization_code, refresh_token или client_credentials",
        "authorization_code, refresh_token or client_credentials"
    );
    let is_known = |text: &str| matches!(text, "authorization_code" | "refresh_token" | "client_credentials");
    let mistake = slip("grant_type", grant_type, is_known).unwrap_or_else(|| named("grant-type-unknown", grant_type));
    judge.require(Check::of(("grant-type", SOURCE), expected, grant_type, known).mistakes(vec![mistake]), error)?;
    match grant_type {
        "authorization_code" => authorization_code(judge, &client).await,
        "refresh_token" => refresh_token(judge, &client).await,
        _ => client_credentials(judge, &client).await,
    }
}

async fn authorization_code(judge: &Judge<'_>, client: &Registered) -> Result<Answer, Refusal> {
    let (code, redirect_uri) = (judge.required("code", SOURCE)?, judge.required("redirect_uri", SOURCE)?);
    let verifier = judge.optional("code_verifier")?;
    let iss = judge.issuer();
    let request = TokenRequest { protocol: Protocol::Oidc, client: client.id(), iss: &iss };
    let presented = PresentedCode { code, redirect_uri: Some(redirect_uri), verifier };
    let decide = |state: &_, now, rng: &mut _| {
        grants::redeem(state, presented, request, now, rng).map(|tokens| written(state, &tokens?))
    };
    let redeemed = grants::act_always(judge.world, &judge.checks, decide).await?;
    if redeemed.is_ok() && verifier.is_some_and(|verifier| !slips::pkce::is_verifier(verifier)) {
        let form = ["pkce-verifier-form".to_owned()];
        judge.tolerate(
            CODE,
            both!("code_verifier: от 43 до 128 знаков", "code_verifier: 43 to 128 characters"),
            verifier.unwrap_or_default(),
            form,
        );
    }
    let names = match &redeemed {
        Err(GrantError::OtherVerifier { expected, .. }) => {
            let verifier = verifier.unwrap_or_default();
            let is_malformed = || (!slips::pkce::is_verifier(verifier)).then(|| "pkce-verifier-form".to_owned());
            slips::pkce::verifier(verifier, expected).or_else(is_malformed).into_iter().collect()
        }
        Err(GrantError::Unknown) => came_instead(judge, Came::OpenIdCode, code).await?,
        _ => Vec::new(),
    };
    answer(given(judge, CODE, code, names, redeemed)?)
}

async fn refresh_token(judge: &Judge<'_>, client: &Registered) -> Result<Answer, Refusal> {
    let token = judge.required("refresh_token", SOURCE)?;
    let narrowed = match judge.optional("scope")? {
        None => None,
        Some(text) => {
            let read = text.parse::<Scopes>();
            let got = read.as_ref().map_or_else(ToString::to_string, ToString::to_string);
            let error = OidcError::new("invalid_scope", "scope is malformed");
            judge.require(
                Check::of(REFRESH, both!("области через пробел", "scopes with blanks between them"), got, read.is_ok()),
                error,
            )?;
            read.ok()
        }
    };
    let iss = judge.issuer();
    let request = TokenRequest { protocol: Protocol::Oidc, client: client.id(), iss: &iss };
    let presented = PresentedRefresh { token, narrowed: narrowed.as_ref() };
    let decide = |state: &_, now, rng: &mut _| {
        grants::refresh(state, presented, request, now, rng).map(|tokens| written(state, &tokens?))
    };
    let refreshed = grants::act_always(judge.world, &judge.checks, decide).await?;
    let names = match &refreshed {
        Err(GrantError::Unknown) => came_instead(judge, Came::OpenIdRefresh, token).await?,
        _ => Vec::new(),
    };
    let renewed = given(judge, REFRESH, token, names, refreshed)?;
    // A refreshed id token has no `nonce` (OpenID Connect Core §12.2).
    let id = renewed.id.map(|id| IdClaims { nonce: None, ..id });
    answer(TokenClaims { id, ..renewed })
}

/// Names the mistakes behind a code or refresh token that is not accepted.
async fn came_instead(judge: &Judge<'_>, wanted: Came, text: &str) -> Result<Vec<String>, Refusal> {
    let looked = slips::token::look(text);
    let lower = looked.core.to_lowercase();
    let look = |state: &Gosuslugi, _| (knows_of(state, &looked.core), knows_of(state, &lower));
    let (known, in_lower_case) = judge.world.world.read(look).await?;
    let is_another_case = known.is_none() && in_lower_case.is_some();
    let case = is_another_case
        .then(|| named("parameter-case", if wanted == Came::OpenIdCode { "code" } else { "refresh_token" }));
    let elsewhere = grant_of_other_world(&judge.world.world, text);
    Ok(looked.mistakes(wanted, known, &judge.issuer()).into_iter().chain(case).chain(elsewhere).collect())
}

/// Records the decision about a code or a refresh token.
fn given(
    judge: &Judge<'_>,
    rule: Rule,
    text: &str,
    mut names: Vec<String>,
    decided: Result<TokenClaims, GrantError>,
) -> Result<TokenClaims, OidcError> {
    let expected = both!(
        "не использован, не просрочен, той же системы, с тем же redirect_uri и verifier",
        "not used, not expired, of the same client, with the same redirect_uri and verifier"
    );
    let error = match decided {
        Ok(tokens) => {
            judge.checks.expect(rule, expected, both!("выдано: {}", "issued: {}", tokens.access.scope), true);
            return Ok(tokens);
        }
        Err(error) => error,
    };
    if names.is_empty() {
        names.push(error.mistake(judge.now));
    }
    let mut check = Check::failed(rule, expected, Told::from_display(&error)).mistakes(names);
    let has = |entry: &worlds::Entry| entry.status == 200 && entry.request.body.contains(text);
    let used = matches!(error, GrantError::Used { .. }).then(|| judge.world.world.journal().newest_that(has)).flatten();
    if let Some(used) = used {
        check = check.detail("Этот код использован запросом", format!("/control/console/requests/{}", used.id));
    }
    Err(judge.checks.refuse(check, OidcError::of_grant(&error)))
}

/// Claims of the tokens to be signed, and the refresh token.
struct TokenClaims {
    access: AccessClaims,
    /// Claims of the id token, if the scopes contain `openid`; `at_hash` is computed once the access token is signed.
    id: Option<IdClaims>,
    refresh: Option<String>,
    /// Key that signs the tokens.
    key: Arc<OpenIdKey>,
}

fn written(state: &Gosuslugi, tokens: &Tokens) -> Result<TokenClaims, GrantError> {
    claims(state, tokens).ok_or(GrantError::Unknown)
}

/// Returns the claims of a grant's tokens. `None` if the account no longer exists, or for tokens of another protocol,
/// which the token endpoint does not pass.
fn claims(state: &Gosuslugi, tokens: &Tokens) -> Option<TokenClaims> {
    let Tokens { grant, scopes, issued, issued_at } = tokens;
    let (access, details) = (issued.access.as_ref()?, grant.oidc()?);
    let account = state.portal.accounts.get(grant.subject)?;
    let (acr, amr) = (acr(account).to_owned(), details.amr.clone());
    let (iat, auth_time) = (issued_at.timestamp(), grant.signed_in_at.timestamp());
    let (sub, aud) = (grant.subject.to_string(), grant.client.to_string());
    let id = scopes.contains("openid").then(|| IdClaims {
        iss: access.iss.clone(),
        sub: sub.clone(),
        aud: aud.clone(),
        iat,
        exp: iat + i64::from(terms(state, &grant.client).id_ttl_s),
        auth_time,
        nonce: details.nonce.clone(),
        acr: acr.clone(),
        amr: amr.clone(),
        at_hash: String::new(),
        sid: grant.sid.clone(),
        person: of_id_token(state, account, tokens, details),
    });
    let access = AccessClaims {
        iss: access.iss.clone(),
        sub,
        aud: access.iss.clone(),
        client_id: aud,
        scope: scopes.to_string(),
        jti: access.jti.clone(),
        iat,
        exp: access.expires_at.timestamp(),
        auth_time: Some(auth_time),
        acr: Some(acr),
        amr,
    };
    Some(TokenClaims { access, id, refresh: issued.refresh.clone(), key: Arc::clone(state.keys.openid()) })
}

/// Signs the tokens without access to the state, because two signatures take longer than everything else in the
/// request.
fn answer(claims: TokenClaims) -> Result<Answer, Refusal> {
    let TokenClaims { access, id, refresh: refresh_token, key } = claims;
    let access_token = key.sign(Kind::Access, &access)?;
    let signed = |id: IdClaims| key.sign(Kind::Id, &IdClaims { at_hash: at_hash(&access_token), ..id });
    let id_token = id.map(signed).transpose()?;
    let (expires_in, scope) = (access.exp - access.iat, access.scope);
    Ok(Answer { access_token, token_type: "Bearer", expires_in, refresh_token, id_token, scope })
}

/// Grant type `client_credentials`: issues a client's own token, for consent requests (RFC 6749 §4.4).
async fn client_credentials(judge: &Judge<'_>, client: &Registered) -> Result<Answer, Refusal> {
    let error = OidcError::new("unauthorized_client", "a public client gets no token of its own");
    let got = if client.oidc.is_public() {
        both!("публичная", "public")
    } else {
        both!("конфиденциальная", "confidential")
    };
    let found = Check::of(
        ("client", "RFC 6749 §4.4"),
        both!("конфиденциальная система", "a confidential client"),
        got,
        !client.oidc.is_public(),
    );
    judge.require(found.mistakes(["client-public"]), error)?;
    let scope = judge.optional("scope")?.unwrap_or(CONSENT_REQUEST);
    let error = OidcError::new("invalid_scope", "a client of its own may ask for consent_request alone");
    judge.require(
        Check::of(("system-scope", "RFC 6749 §4.4.2"), CONSENT_REQUEST, scope, scope == CONSENT_REQUEST),
        error,
    )?;
    let decide = |state: &Gosuslugi, now: DateTime<Utc>, rng: &mut WorldRng| {
        let expires_in = terms(state, client.id()).access_ttl_s;
        let (jti, expires_at) = (rng.uuid(), now + seconds(expires_in));
        let (client, purpose) = (client.id().clone(), ClientTokenPurpose::AskConsents);
        let event = GrantEvent::ClientTokenIssued { client, purpose, jti: jti.clone(), expires_at };
        let issued = (jti, now.timestamp(), i64::from(expires_in));
        Decision::of(vec![Event::Grant(event)], issued)
    };
    let (jti, iat, expires_in) = grants::act_always(judge.world, &judge.checks, decide).await?;
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
    let access_token = judge.keys.openid().sign(Kind::Access, &claims)?;
    Ok(Answer { access_token, token_type: "Bearer", expires_in, refresh_token: None, id_token: None, scope })
}
