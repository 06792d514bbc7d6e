//! `POST /logout/backchannel`: the provider reports the end of a session there (OpenID Connect Back-Channel Logout
//! 1.0), and the diary ends the sessions that began with it.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use esia::{
    Oid,
    language::{Told, Words, both},
    token::Audience,
};
use openidconnect::{
    JsonWebKey as _,
    core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde::Deserialize;
use serde_json::{Value, json};
use web::{Checks, InWorld, Problem, WorldUrl};
use worlds::World;

use super::client::{LEEWAY_S, OidcClient};
use crate::{
    event::DiaryEvent,
    signin::{protocol_client::ProtocolClient, provider_client::ProviderClient, provider_error::ProviderError},
    state::Diary,
};

/// Maximum age of a logout token, minutes, whatever its `exp` says.
const FRESH_MIN: i64 = 10;
/// Maximum size of a logout token, bytes.
const LONGEST: usize = 16 * 1024;
const RULE: (&str, &str) = ("logout-token", "OpenID Connect Back-Channel Logout §2.4, §2.6");
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";

/// Header of a logout token.
#[derive(Debug, Deserialize)]
struct Head {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

/// Claims of a logout token (OpenID Connect Back-Channel Logout §2.4).
#[derive(Debug, Deserialize)]
struct Claims {
    iss: String,
    aud: Audience,
    iat: i64,
    exp: i64,
    jti: String,
    events: Value,
    sub: Option<String>,
    sid: Option<String>,
    nonce: Option<Value>,
}

/// Reason why a logout token fails verification.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum LogoutError {
    #[error("logout_token is missing or too long")]
    Missing,
    #[error("logout_token cannot be read")]
    Unreadable,
    #[error("the signature does not hold")]
    Signature,
    #[error("{0} is not what it must be")]
    Claim(&'static str),
    #[error("jti was heard before")]
    Heard,
}

/// Sessions that a logout token ends: by `sid`, by account, or by both.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Ended {
    jti: String,
    sid: Option<String>,
    oid: Option<Oid>,
}

/// `POST /logout/backchannel`: receives a logout token (OpenID Connect Back-Channel Logout §2.5).
pub(crate) async fn backchannel(
    InWorld { world, world_url }: InWorld<Diary>,
    State(client): State<Arc<ProviderClient>>,
    checks: Checks,
    body: Bytes,
) -> Result<Response, Problem> {
    let heard = hear(&client, &world, &world_url, &body).await;
    let refused = match heard {
        Ok(Ok(ended)) => end(&world, ended).await?,
        Ok(Err(error)) => Err(error),
        Err(error) => return Err(Problem::from(&error)),
    };
    let got = match &refused {
        Ok(ended) => both!("завершено сеансов: {ended}", "sessions ended: {ended}"),
        Err(error) => Told::from_display(error),
    };
    checks.expect(
        RULE,
        both!("подписан Госуслугами, для этой системы, новый", "signed by Gosuslugi, for this client, a new one"),
        got,
        refused.is_ok(),
    );
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok(match refused {
        Ok(_) => (StatusCode::OK, no_store).into_response(),
        Err(error) => {
            let body = json!({ "error": "invalid_request", "error_description": error.to_string() });
            (StatusCode::BAD_REQUEST, no_store, axum::Json(body)).into_response()
        }
    })
}

async fn hear(
    client: &ProviderClient,
    world: &World<Diary>,
    world_url: &WorldUrl,
    body: &[u8],
) -> Result<Result<Ended, LogoutError>, ProviderError> {
    let junk = |error: worlds::store::StoreError| ProviderError::Junk {
        what: Words { russian: "мир", english: "world" },
        reason: Told::from_display(error),
    };
    let (config, now) = world.read(|diary, now| (diary.config.clone(), now)).await.map_err(junk)?;
    let ProtocolClient::Oidc(provider) = client.connect(&config, &world_url.world, now)? else {
        return Ok(Err(LogoutError::Missing));
    };
    let token = url::form_urlencoded::parse(body).find(|(name, _)| name == "logout_token").map(|(_, token)| token);
    match token.filter(|token| token.len() <= LONGEST) {
        Some(token) => provider.logout_token(&token).await,
        None => Ok(Err(LogoutError::Missing)),
    }
}

/// Ends the sessions and returns their number.
async fn end(world: &World<Diary>, ended: Ended) -> Result<Result<usize, LogoutError>, Problem> {
    let decide = |diary: &Diary, now: DateTime<Utc>, _: &mut _| {
        if diary.heard.get(&ended.jti, now).is_some() {
            return Ok((Vec::new(), Err(LogoutError::Heard)));
        }
        let sessions: Vec<(String, String)> = diary
            .sessions
            .iter(now)
            .filter(|(_, session)| match (&ended.sid, ended.oid) {
                (Some(sid), _) => session.sid.as_ref() == Some(sid),
                (None, oid) => session.sid.is_some() && session.oid == oid,
            })
            .map(|(key, session)| (key.to_owned(), session.who.name.clone()))
            .collect();
        let (count, expires_at) = (sessions.len(), now + TimeDelta::minutes(2 * FRESH_MIN));
        let event = DiaryEvent::LeftGosuslugi { jti: ended.jti.clone(), sessions, expires_at };
        Ok::<_, Problem>((vec![event], Ok(count)))
    };
    Ok(world.act(decide).await?)
}

impl OidcClient<'_> {
    /// Verifies a logout token; fetches the keys again once if its key is unknown.
    async fn logout_token(&self, token: &str) -> Result<Result<Ended, LogoutError>, ProviderError> {
        let Some((head, claims, signed, signature)) = parts(token) else { return Ok(Err(LogoutError::Unreadable)) };
        if head.alg != "RS256" || head.crit.is_some() {
            return Ok(Err(LogoutError::Signature));
        }
        let mut metadata = self.metadata(false).await?;
        let is_known = |key: &CoreJsonWebKey| key.key_id().map(|kid| kid.as_str()) == head.kid.as_deref();
        if !metadata.jwks().keys().iter().any(is_known) {
            metadata = self.metadata(true).await?;
        }
        let alg = CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256;
        let mut keys = metadata.jwks().keys().iter().filter(|key| is_known(key));
        if !keys.any(|key| key.verify_signature(&alg, signed.as_bytes(), &signature).is_ok()) {
            return Ok(Err(LogoutError::Signature));
        }
        Ok(self.judge(claims))
    }

    /// Validates the claims in the order of OpenID Connect Back-Channel Logout §2.6.
    fn judge(&self, claims: Claims) -> Result<Ended, LogoutError> {
        let now = self.now.timestamp();
        let oid = claims.sub.as_deref().map(|sub| sub.parse().map_err(|_| LogoutError::Claim("sub"))).transpose()?;
        let rules = [
            ("iss", claims.iss == self.issuer),
            ("aud", claims.aud.is(self.provider.mnemonic.as_str())),
            ("iat", claims.iat <= now + LEEWAY_S && claims.iat >= now - 60 * FRESH_MIN),
            ("exp", claims.exp > now - LEEWAY_S),
            ("events", claims.events.get(EVENT).is_some_and(Value::is_object)),
            ("sid", claims.sid.is_some() || oid.is_some()),
            ("nonce", claims.nonce.is_none()),
            ("jti", !claims.jti.is_empty()),
        ];
        match rules.iter().find(|(_, holds)| !holds) {
            Some((claim, _)) => Err(LogoutError::Claim(claim)),
            None => Ok(Ended { jti: claims.jti, sid: claims.sid, oid }),
        }
    }
}

/// Splits a token into header, claims, signed text and signature.
fn parts(token: &str) -> Option<(Head, Claims, &str, Vec<u8>)> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (head, claims) = signed.split_once('.')?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let head = serde_json::from_slice(&decode(head)?).ok()?;
    let claims = serde_json::from_slice(&decode(claims)?).ok()?;
    Some((head, claims, signed, decode(signature)?))
}
