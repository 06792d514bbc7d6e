//! How a client proves who it is (RFC 6749 §2.3, OpenID Connect Core §9, RFC 7523 §3).

use std::fmt::Display;

use axum::http::{HeaderMap, Uri, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::{DateTime, TimeDelta};
use esia::token::Audience;
use jsonwebtoken::{Algorithm, DecodingKey, dangerous::insecure_decode, decode, decode_header};
use serde::Deserialize;
use subtle::ConstantTimeEq;
use web::InWorld;
use worlds::{ActError, Outcome};

use super::{
    error::{OidcError, Refusal},
    judge::{Judge, Registered, Rule, registered},
    keys::signature_only,
    model::OidcEvent,
};
use crate::{
    clients::ClientAuth,
    state::{Event, Gosuslugi},
};

const SOURCE: &str = "RFC 6749 §2.3";
const ASSERTION: Rule = ("client-assertion", "RFC 7523 §3, OpenID Connect Core §9");
/// The one kind of assertion.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// How far ahead an assertion may expire.
const MAX_AHEAD: TimeDelta = TimeDelta::hours(1);
/// How far a client's clock may be off.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// Longest `jti`, bytes.
const MAX_JTI: usize = 256;

/// What a request shows.
enum Shown {
    /// `raw`: as it came, before the decoding that RFC 6749 §2.3.1 asks for and that many clients forget.
    Secret {
        id: String,
        secret: String,
        raw: Option<String>,
        method: ClientAuth,
    },
    Assertion {
        id: String,
        token: String,
    },
    Nothing {
        id: String,
    },
}

impl Shown {
    fn id(&self) -> &str {
        match self {
            Self::Secret { id, .. } | Self::Assertion { id, .. } | Self::Nothing { id } => id,
        }
    }

    fn method(&self) -> ClientAuth {
        match self {
            Self::Secret { method, .. } => *method,
            Self::Assertion { .. } => ClientAuth::PrivateKeyJwt,
            Self::Nothing { .. } => ClientAuth::None,
        }
    }
}

/// Claims of a client assertion.
#[derive(Debug, Clone, Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    jti: String,
}

/// The client that a request comes from.
pub(super) async fn authenticate(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    (headers, uri): (&HeaderMap, &Uri),
) -> Result<Registered, Refusal> {
    judge.open()?;
    let none = uri.query().is_none_or(str::is_empty);
    let error = OidcError::invalid_request("parameters belong into the body, not into the URL");
    let got = if none { "в теле" } else { "в адресе" };
    judge.must(("form", "RFC 6749 §2.3.1, §3.2"), "параметры в теле запроса", (got, none), error)?;
    judge.form(SOURCE)?;
    let shown = shown(judge, headers)?;
    let client = registered(world, shown.id()).await?;
    let error = OidcError::invalid_client("this client is not registered in this world");
    let expected = "система этого мира";
    judge.must(("client", SOURCE), expected, (shown.id(), client.is_some()), error.clone())?;
    let client = client.ok_or(error)?;
    let accepted =
        [ClientAuth::ClientSecretBasic, ClientAuth::ClientSecretPost, ClientAuth::PrivateKeyJwt, ClientAuth::None];
    let accepted: Vec<_> =
        accepted.into_iter().filter(|method| client.oidc.accepts(*method)).map(ClientAuth::text).collect();
    let error = OidcError::invalid_client(format!("this client authenticates with {}", accepted.join(" or ")));
    let method = shown.method();
    let right = (method.text(), client.oidc.accepts(method));
    judge.must(("client-auth-method", SOURCE), accepted.join(" или "), right, error)?;
    match &shown {
        Shown::Secret { secret, raw, .. } => check_secret(judge, &client, (secret, raw.as_deref()))?,
        Shown::Assertion { token, .. } => by_assertion(world, judge, (&client, token)).await?,
        Shown::Nothing { .. } => {}
    }
    Ok(client)
}

/// A secret that came undecoded in `Authorization: Basic` is taken, and said to be so.
fn check_secret(judge: &Judge, client: &Registered, (secret, raw): (&str, Option<&str>)) -> Result<(), OidcError> {
    const RULE: Rule = ("client-secret", "RFC 6749 §2.3.1");
    let known = client.oidc.secret.as_deref().unwrap_or_default().as_bytes();
    let is_known = |shown: &str| bool::from(known.ct_eq(shown.as_bytes()));
    if !is_known(secret) && raw.is_some_and(is_known) {
        let (expected, got) = ("закодированный для формы secret", "сходится, но не закодирован для формы");
        judge.checks.note(RULE, expected, got, Outcome::Tolerated);
        return Ok(());
    }
    let got = if is_known(secret) { "сходится" } else { "не тот" };
    let error = OidcError::invalid_client("wrong client secret");
    judge.must(RULE, "зарегистрированный secret", (got, is_known(secret)), error)
}

/// One way and no more (RFC 6749 §2.3).
fn shown(judge: &Judge, headers: &HeaderMap) -> Result<Shown, OidcError> {
    let [id, secret, assertion, kind] =
        ["client_id", "client_secret", "client_assertion", "client_assertion_type"].map(|name| judge.optional(name));
    let (id, secret, assertion, kind) = (id?, secret?, assertion?, kind?);
    let basic = headers.get(header::AUTHORIZATION);
    let ways = usize::from(basic.is_some()) + usize::from(secret.is_some()) + usize::from(assertion.is_some());
    let error = OidcError::invalid_request("more than one way of client authentication");
    let got = format!("способов: {ways}");
    judge.must(("client-auth", SOURCE), "не больше одного способа", (got, ways <= 1), error)?;
    let shown = match (basic, secret, assertion) {
        (Some(value), ..) => by_basic(judge, value.to_str().unwrap_or_default())?,
        (_, Some(secret), _) => Shown::Secret {
            id: judge.required("client_id", SOURCE)?.to_owned(),
            secret: secret.to_owned(),
            raw: None,
            method: ClientAuth::ClientSecretPost,
        },
        (.., Some(token)) => {
            let error = OidcError::invalid_client("unknown client_assertion_type");
            judge.must(ASSERTION, JWT_BEARER, (kind.unwrap_or("нет"), kind == Some(JWT_BEARER)), error)?;
            let read = insecure_decode::<Assertion>(token).map(|read| read.claims.sub);
            let id = read.as_ref().map_or_else(|_| id.map(str::to_owned), |sub| Some(sub.clone()));
            let got = read.map_or_else(|error| error.to_string(), |sub| format!("sub={sub}"));
            let error =
                OidcError::invalid_client("client_assertion cannot be read: iss, sub, aud, exp, jti are needed");
            judge.must(ASSERTION, "JWT с iss, sub, aud, exp, jti", (got, id.is_some()), error)?;
            Shown::Assertion { id: id.unwrap_or_default(), token: token.to_owned() }
        }
        _ => Shown::Nothing { id: judge.required("client_id", SOURCE)?.to_owned() },
    };
    let same = id.is_none_or(|id| id == shown.id());
    let error = OidcError::invalid_request("client_id is not that of the client authentication");
    judge.must(("client-id", SOURCE), shown.id(), (id.unwrap_or("не передан"), same), error)?;
    Ok(shown)
}

/// `Authorization: Basic`: both halves are form-encoded first (RFC 6749 §2.3.1).
fn by_basic(judge: &Judge, value: &str) -> Result<Shown, OidcError> {
    let encoded = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let text = encoded
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let halves = text.as_deref().and_then(|text| text.split_once(':'));
    let error = OidcError::invalid_client("Authorization must be Basic with base64 of client_id:client_secret");
    let got = if halves.is_some() { "читается" } else { "не читается" };
    judge.must(
        ("client-basic", "RFC 6749 §2.3.1"),
        "Basic base64(client_id:client_secret)",
        (got, halves.is_some()),
        error,
    )?;
    let (raw_id, raw) = halves.unwrap_or_default();
    let plain = |text: &str| {
        let pair = format!("={text}");
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    // A `&` in it would end the value.
    let [id, secret] = [raw_id, raw].map(|half| plain(&half.replace('&', "%26")));
    Ok(Shown::Secret { id, secret, raw: Some(raw.to_owned()), method: ClientAuth::ClientSecretBasic })
}

async fn by_assertion(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    (client, token): (&Registered, &str),
) -> Result<(), Refusal> {
    let failed = |description: &str| OidcError::invalid_client(description);
    let checked = signed_by(client, token);
    let got = checked.as_ref().map_or_else(ToString::to_string, |(_, by)| format!("подпись сходится: {by}"));
    let expected = "RS256 ключом системы (oidc.jwks или сертификат)";
    judge.must(
        ASSERTION,
        expected,
        (got, checked.is_ok()),
        failed("the signature of client_assertion does not hold"),
    )?;
    let Ok((claims, _)) = checked else { return Ok(()) };
    let id = client.id().as_str();
    let named = (format!("iss={}, sub={}", claims.iss, claims.sub), claims.iss == id && claims.sub == id);
    judge.must(
        ASSERTION,
        format!("iss и sub — {id}"),
        named,
        failed("iss and sub of client_assertion must be the client_id"),
    )?;
    let ours = [
        judge.issuer(),
        judge.place.url("/oidc/token"),
        judge.place.url("/oidc/revoke"),
        judge.place.url("/oidc/introspect"),
    ];
    let is_ours = claims.aud.names().iter().any(|name| ours.contains(name) || name.strip_suffix('/') == Some(&ours[0]));
    let aud = (claims.aud.names().join(", "), is_ours);
    judge.must(
        ASSERTION,
        format!("aud: {} или {}", ours[0], ours[1]),
        aud,
        failed("aud of client_assertion must be the issuer or the token endpoint"),
    )?;
    let time = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let expires_at = time(claims.exp).unwrap_or(DateTime::UNIX_EPOCH);
    let in_time = expires_at + LEEWAY > judge.now
        && expires_at <= judge.now + MAX_AHEAD + LEEWAY
        && claims.nbf.is_none_or(|nbf| time(nbf).is_some_and(|at| at <= judge.now + LEEWAY));
    let got = format!("exp={}, nbf={}", claims.exp, claims.nbf.map_or_else(|| "нет".to_owned(), |nbf| nbf.to_string()));
    let expected = format!("срок после {} и не дальше часа", judge.now.timestamp());
    judge.must(ASSERTION, expected, (got, in_time), failed("client_assertion has expired, or is not valid yet"))?;
    once(world, judge, (client, &claims.jti), expires_at + LEEWAY).await
}

/// `jti` is taken once (RFC 7523 §3, 7).
async fn once(
    world: &InWorld<Gosuslugi>,
    judge: &Judge,
    (client, jti): (&Registered, &str),
    expires_at: DateTime<chrono::Utc>,
) -> Result<(), Refusal> {
    let error = OidcError::invalid_client("jti of client_assertion is empty or too long");
    let fits = !jti.is_empty() && jti.len() <= MAX_JTI;
    judge.must(ASSERTION, format!("jti до {MAX_JTI} байт"), (jti, fits), error)?;
    let (id, replayed) = (client.id(), OidcError::invalid_client("client_assertion was used before: jti is known"));
    let used = world.world.act(|state, _, _| {
        if state.oidc.is_assertion_used(id, jti) {
            return Err(replayed.clone());
        }
        let event = OidcEvent::AssertionUsed { client: id.clone(), jti: jti.to_owned(), expires_at };
        Ok((vec![Event::Oidc(event)], ()))
    });
    let (got, result) = match used.await {
        Ok(()) => ("jti новый", Ok(())),
        Err(ActError::Refused(error)) => ("jti уже был", Err(error)),
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    judge.checks.expect(ASSERTION, "jti ещё не встречался", got, result.is_ok());
    Ok(result?)
}

/// The claims of an assertion that one of the client's keys has signed, and which.
fn signed_by(client: &Registered, token: &str) -> Result<(Assertion, String), String> {
    let named = |error: &dyn Display| error.to_string();
    let header = decode_header(token).map_err(|error| named(&error))?;
    if header.alg != Algorithm::RS256 {
        return Err(format!("alg={:?}, а принимается RS256", header.alg));
    }
    let keys = client.oidc.jwks.iter().flat_map(|jwks| &jwks.keys);
    let by_jwks = keys
        .filter(|key| header.kid.is_none() || key.kid.is_none() || key.kid == header.kid)
        .map(|key| (Some(key.n.clone()), Some(key.e.clone()), format!("kid={}", key.kid.as_deref().unwrap_or("нет"))));
    let by_certificates = client.client.certificates.iter().filter_map(|certificate| {
        let key = certificate.public_key().ok()?;
        Some((key.jwk_n(), key.jwk_e(), certificate.subject().to_owned()))
    });
    let mut last = "у системы нет подходящего ключа RSA".to_owned();
    for (n, e, name) in by_jwks.chain(by_certificates) {
        let Some((n, e)) = n.zip(e) else { continue };
        let Ok(key) = DecodingKey::from_rsa_components(&n, &e) else { continue };
        match decode::<Assertion>(token, &key, &signature_only()) {
            Ok(read) => return Ok((read.claims, name)),
            Err(error) => last = error.to_string(),
        }
    }
    Err(last)
}
