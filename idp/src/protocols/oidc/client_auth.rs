//! Client authentication (RFC 6749 §2.3, OpenID Connect Core §9, RFC 7523 §3).

use axum::http::{HeaderMap, Uri, header};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, TimeDelta, Utc};
use esia::language::{Told, both, pick, spoken};
use esia::token::Audience;
use jsonwebtoken::{Algorithm, DecodingKey, dangerous::insecure_decode, decode, decode_header};
use serde::Deserialize;
use serde_json::Value;
use subtle::ConstantTimeEq;
use web::InWorld;
use worlds::{
    ActError, Check,
    mistakes::{Mistake, find, named, short, split},
};

use super::{
    error::{OidcError, Refusal},
    judge::{Judge, Registered, Rule, registered},
};
use crate::{
    clients::{Client, ClientAuth, Strictness},
    event::Event,
    grants::GrantEvent,
    signing::signature_only,
    slips::{unknown::unknown_client, value::slip},
    state::Gosuslugi,
};

const SOURCE: &str = "RFC 6749 §2.3";
const ASSERTION: Rule = ("client-assertion", "RFC 7523 §3, OpenID Connect Core §9");
/// The only accepted `client_assertion_type`.
const JWT_BEARER: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
/// Maximum lifetime of an assertion from now.
const MAX_AHEAD: TimeDelta = TimeDelta::hours(1);
/// Maximum difference of a client's clock from the world's.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// Bytes of a signature by a key of 2048 bits, the shortest that RS256 takes (RFC 7518 §3.3).
const SMALLEST_SIGNATURE: usize = 256;
/// Maximum length of `jti`, bytes.
const MAX_JTI: usize = 256;

/// Credentials of a request.
enum Shown {
    /// Secret. `raw` is the secret before the form decoding that RFC 6749 §2.3.1 demands and many clients forget.
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

/// Claims of a client assertion (RFC 7523 §3).
#[derive(Debug, Clone, Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: Audience,
    exp: i64,
    #[serde(default)]
    nbf: Option<i64>,
    #[serde(default)]
    iat: Option<i64>,
    jti: String,
}

/// Authenticates the client of a request.
pub(super) async fn authenticate(judge: &Judge<'_>, headers: &HeaderMap, uri: &Uri) -> Result<Registered, Refusal> {
    judge.open()?;
    let none = uri.query().is_none_or(str::is_empty);
    let error = OidcError::invalid_request("parameters belong into the body, not into the URL");
    let got = if none { both!("в теле", "in the body") } else { both!("в адресе", "in the address") };
    let mistakes = vec!["form-in-url".to_owned()];
    judge.require(
        Check::of(
            ("form", "RFC 6749 §2.3.1, §3.2"),
            both!("параметры в теле запроса", "parameters in the body of the request"),
            got,
            none,
        )
        .mistakes(mistakes),
        error,
    )?;
    judge.form(SOURCE)?;
    let shown = shown(judge, headers)?;
    let client = registered(judge.world, shown.id()).await?;
    if client.is_none() {
        swapped(judge, &shown).await?;
    }
    judge.checks.of_client(shown.id().chars().take(64).collect::<String>());
    let error = OidcError::invalid_client("this client is not registered in this world");
    let expected = both!("система этого мира", "a client of this world");
    let near = match client {
        Some(_) => None,
        None => judge.world.world.read(|state, _| state.clients.near(shown.id())).await?,
    };
    let mistakes = std::iter::once(unknown_client(shown.id(), near.as_deref())).chain(judge.elsewhere());
    judge.require(
        Check::of(("client", SOURCE), expected, shown.id(), client.is_some()).mistakes(mistakes),
        error.clone(),
    )?;
    let client = client.ok_or(error)?;
    let accepted =
        [ClientAuth::ClientSecretBasic, ClientAuth::ClientSecretPost, ClientAuth::PrivateKeyJwt, ClientAuth::None];
    let accepted: Vec<_> =
        accepted.into_iter().filter(|method| client.oidc.accepts(*method)).map(ClientAuth::text).collect();
    let error = OidcError::invalid_client(format!("this client authenticates with {}", accepted.join(" or ")));
    let method = shown.method();
    let mistake = match method {
        ClientAuth::None => "auth-missing".to_owned(),
        method => named("auth-method-not-registered", method.text()),
    };
    let mistakes = std::iter::once(mistake).chain(judge.elsewhere());
    let accepts = client.oidc.accepts(method);
    let found = Check::of(
        ("client-auth-method", SOURCE),
        both!("{}", "{}", accepted.join(pick(" или ", " or "))),
        method.text(),
        accepts,
    );
    judge.require(found.mistakes(mistakes), error)?;
    match &shown {
        Shown::Secret { secret, raw, .. } => check_secret(judge, &client, secret, raw.as_deref()).await?,
        Shown::Assertion { token, .. } => by_assertion(judge, &client, token).await?,
        Shown::Nothing { .. } => {}
    }
    Ok(client)
}

/// The halves of `Authorization: Basic` do not stand in each other's place. The secret is in no verdict then.
async fn swapped(judge: &Judge<'_>, shown: &Shown) -> Result<(), Refusal> {
    let Shown::Secret { secret, method: ClientAuth::ClientSecretBasic, .. } = shown else { return Ok(()) };
    if registered(judge.world, secret).await?.is_none() {
        return Ok(());
    }
    judge.checks.of_client(secret.as_str());
    let expected = both!("client_id перед двоеточием", "a client_id before the colon");
    let found = Check::failed(("client-basic", "RFC 6749 §2.3.1"), expected, both!("после него", "after it"));
    let error = OidcError::invalid_client("client_id comes first in Authorization: Basic");
    Ok(judge.require(found.mistakes(["basic-swapped"]), error)?)
}

/// Checks a secret. One that was not form-encoded in `Authorization: Basic` is accepted, and recorded as tolerated.
async fn check_secret(judge: &Judge<'_>, client: &Registered, secret: &str, raw: Option<&str>) -> Result<(), Refusal> {
    const RULE: Rule = ("client-secret", "RFC 6749 §2.3.1");
    let known = client.oidc.secret.as_deref().unwrap_or_default().as_bytes();
    let is_known = |shown: &str| bool::from(known.ct_eq(shown.as_bytes()));
    if !is_known(secret) && raw.is_some_and(is_known) {
        let (expected, got) = (
            both!("закодированный для формы secret", "the secret, encoded for a form"),
            both!("сходится, но не закодирован для формы", "it fits, but is not encoded for a form"),
        );
        judge.tolerate(RULE, expected, got, ["basic-not-encoded".to_owned()]);
        return Ok(());
    }
    let right = is_known(secret);
    let mistakes = if right { Vec::new() } else { wrong_secret(judge, client, secret).await? };
    let got =
        if right { both!("сходится", "it fits") } else { both!("не тот", "it is not the right one") };
    let error = OidcError::invalid_client("wrong client secret");
    Ok(judge.require(
        Check::of(RULE, both!("зарегистрированный secret", "the registered secret"), got, right).mistakes(mistakes),
        error,
    )?)
}

/// Names the mistakes behind a wrong secret.
async fn wrong_secret(judge: &Judge<'_>, client: &Registered, secret: &str) -> Result<Vec<String>, Refusal> {
    let known = client.oidc.secret.as_deref().unwrap_or_default();
    let is = |text: &str| bool::from(known.as_bytes().ct_eq(text.as_bytes()));
    let is_in_base64 = [STANDARD.encode(known), URL_SAFE_NO_PAD.encode(known)]
        .iter()
        .any(|encoded| encoded.as_bytes().ct_eq(secret.as_bytes()).into());
    let owner = |state: &Gosuslugi, _| {
        let mut others = state.clients.iter().filter(|other| other.spec.mnemonic != *client.id());
        let same = |other: &&Client| {
            other.oidc().secret.as_deref().is_some_and(|known| known.as_bytes().ct_eq(secret.as_bytes()).into())
        };
        others.find(same).map(|other| other.spec.mnemonic.to_string())
    };
    let slip = slip("client_secret", secret, is).and_then(|slip| {
        let id = slip.split('=').next().unwrap_or_default().to_owned();
        [
            ("parameter-blanks", "secret-blanks"),
            ("parameter-quoted", "secret-quoted"),
            ("parameter-case", "secret-case"),
            ("parameter-encoded-twice", "secret-encoded"),
        ]
        .into_iter()
        .find(|(from, _)| *from == id)
        .map(|(_, to)| to.to_owned())
        .or(Some(slip))
    });
    let mistake = match slip {
        Some(slip) => slip,
        None if secret.is_empty() => named("parameter-empty", "client_secret"),
        None if known.eq_ignore_ascii_case(secret) => "secret-case".to_owned(),
        None if is_in_base64 || known.replace('+', " ") == secret => "secret-encoded".to_owned(),
        None if 2 * secret.len() > known.len() && known.starts_with(secret) => "secret-truncated".to_owned(),
        None if secret.matches('.').count() == 2 && secret.starts_with("eyJ") => {
            named("auth-method-not-registered", "client_secret_jwt")
        }
        None if is_signature(secret) => "secret-is-signature".to_owned(),
        None => match judge.world.world.read(owner).await? {
            Some(other) => named("secret-of-another-client", &other),
            None => "secret-wrong".to_owned(),
        },
    };
    Ok(std::iter::once(mistake).chain(judge.elsewhere()).collect())
}

/// Whether a secret looks like ЕСИА's `client_secret`: a bare signature or a CMS in base64.
fn is_signature(secret: &str) -> bool {
    esia::secret::decode_base64_any(secret)
        .is_ok_and(|bytes| matches!(bytes.len(), 64 | 65 | 128 | 256) || bytes.len() > 500)
}

/// Reads the credentials of a request, which may use only one method (RFC 6749 §2.3).
fn shown(judge: &Judge<'_>, headers: &HeaderMap) -> Result<Shown, OidcError> {
    let [id, secret, assertion, kind] =
        ["client_id", "client_secret", "client_assertion", "client_assertion_type"].map(|name| judge.optional(name));
    let (id, secret, assertion, kind) = (id?, secret?, assertion?, kind?);
    let basic = headers.get(header::AUTHORIZATION);
    let ways = usize::from(basic.is_some()) + usize::from(secret.is_some()) + usize::from(assertion.is_some());
    let error = OidcError::invalid_request("more than one way of client authentication");
    let got = both!("способов: {ways}", "ways: {ways}");
    let all = [(basic.is_some(), "basic"), (secret.is_some(), "post"), (assertion.is_some(), "jwt")];
    let all: Vec<_> = all.iter().filter(|(came, _)| *came).map(|(_, way)| *way).collect();
    let mistakes = vec![named("auth-several", &all.join(","))];
    judge.require(
        Check::of(("client-auth", SOURCE), both!("не больше одного способа", "at most one way"), got, ways <= 1)
            .mistakes(mistakes),
        error,
    )?;
    let shown = match (basic, secret, assertion) {
        (Some(value), ..) => by_basic(judge, value.to_str().unwrap_or_default())?,
        (_, Some(secret), _) => Shown::Secret {
            id: judge.required("client_id", SOURCE)?.to_owned(),
            secret: secret.to_owned(),
            raw: None,
            method: ClientAuth::ClientSecretPost,
        },
        (.., Some(token)) => by_token(judge, id, kind, token)?,
        _ => Shown::Nothing { id: judge.required("client_id", SOURCE)?.to_owned() },
    };
    let same = id.is_none_or(|id| id == shown.id());
    let error = OidcError::invalid_request("client_id is not that of the client authentication");
    let mistakes = vec![named("client-id-differs", &format!("{},{}", id.unwrap_or_default(), shown.id()))];
    judge.require(
        Check::of(
            ("client-id", SOURCE),
            shown.id(),
            id.map_or_else(|| both!("не передан", "it was not sent"), Into::into),
            same,
        )
        .mistakes(mistakes),
        error,
    )?;
    Ok(shown)
}

/// Reads `client_assertion`, whose claims name the client (RFC 7523 §2.2).
fn by_token(judge: &Judge<'_>, id: Option<&str>, kind: Option<&str>, token: &str) -> Result<Shown, OidcError> {
    let error = OidcError::invalid_client("unknown client_assertion_type");
    let mistakes = vec!["assertion-type".to_owned()];
    judge.require(
        Check::of(
            ASSERTION,
            JWT_BEARER,
            kind.map_or_else(|| both!("нет", "none"), Into::into),
            kind == Some(JWT_BEARER),
        )
        .mistakes(mistakes),
        error,
    )?;
    let claims = insecure_decode::<Assertion>(token).map(|read| read.claims);
    if let Ok(claims) = &claims
        && claims.iss != claims.sub
    {
        let mistake = match id {
            Some(id) if id == claims.iss => named("assertion-sub", &claims.sub),
            Some(id) if id == claims.sub => named("assertion-iss", &claims.iss),
            _ => named("assertion-iss-sub", &format!("{},{}", claims.iss, claims.sub)),
        };
        let got = format!("iss={}, sub={}", claims.iss, claims.sub);
        let expected = both!("iss и sub — один client_id", "iss and sub are one client_id");
        let error = OidcError::invalid_client("iss and sub of client_assertion must be the client_id");
        judge.require(Check::failed(ASSERTION, expected, got).mistakes([mistake]), error)?;
    }
    let read = claims.map(|claims| claims.sub);
    let unread = read.as_ref().err().map(|_| malformed(token));
    let id = read.as_ref().map_or_else(|_| id.map(str::to_owned), |sub| Some(sub.clone()));
    let got = match read {
        Ok(sub) => format!("sub={sub}").into(),
        Err(error) => Told::from_display(error),
    };
    let error = OidcError::invalid_client("client_assertion cannot be read: iss, sub, aud, exp, jti are needed");
    let is_read = unread.is_none() && id.is_some();
    let mistakes = unread.into_iter().flatten();
    judge.require(
        Check::of(
            ASSERTION,
            both!("JWT с iss, sub, aud, exp, jti", "a JWT with iss, sub, aud, exp, jti"),
            got,
            is_read,
        )
        .mistakes(mistakes),
        error,
    )?;
    Ok(Shown::Assertion { id: id.unwrap_or_default(), token: token.to_owned() })
}

/// Reads `Authorization: Basic`, in which id and secret are form-encoded (RFC 6749 §2.3.1).
fn by_basic(judge: &Judge<'_>, value: &str) -> Result<Shown, OidcError> {
    let encoded = value.split_once(' ').filter(|(scheme, _)| scheme.eq_ignore_ascii_case("basic"));
    let text = encoded
        .and_then(|(_, encoded)| STANDARD.decode(encoded.trim()).ok())
        .and_then(|bytes| String::from_utf8(bytes).ok());
    let halves = text.as_deref().and_then(|text| text.split_once(':'));
    let error = OidcError::invalid_client("Authorization must be Basic with base64 of client_id:client_secret");
    let got = if halves.is_some() {
        both!("читается", "it can be read")
    } else {
        both!("не читается", "it cannot be read")
    };
    let scheme = value.split(' ').next().unwrap_or_default();
    let mistake = match (encoded.is_some(), text.is_some()) {
        _ if value.trim().eq_ignore_ascii_case("basic") => "basic-empty".to_owned(),
        (false, _) => named("basic-scheme", scheme),
        (true, false) => "basic-base64".to_owned(),
        (true, true) => "basic-no-colon".to_owned(),
    };
    judge.require(
        Check::of(("client-basic", "RFC 6749 §2.3.1"), "Basic base64(client_id:client_secret)", got, halves.is_some())
            .mistakes(vec![mistake]),
        error,
    )?;
    let (raw_id, raw) = halves.unwrap_or_default();
    let plain = |text: &str| {
        let pair = format!("={text}");
        url::form_urlencoded::parse(pair.as_bytes()).next().map(|(_, value)| value.into_owned()).unwrap_or_default()
    };
    // An unescaped `&` would end the value.
    let [id, secret] = [raw_id, raw].map(|half| plain(&half.replace('&', "%26")));
    let found = Check::of(
        ("client-basic", "RFC 6749 §2.3.1"),
        both!("client_id перед двоеточием", "a client_id before the colon"),
        both!("пусто", "nothing"),
        false,
    );
    if id.is_empty() {
        let error = OidcError::invalid_client("client_id is missing in Authorization: Basic");
        judge.require(found.mistakes([named("parameter-empty", "client_id")]), error)?;
    }
    Ok(Shown::Secret { id, secret, raw: Some(raw.to_owned()), method: ClientAuth::ClientSecretBasic })
}

async fn by_assertion(judge: &Judge<'_>, client: &Registered, token: &str) -> Result<(), Refusal> {
    let failed = |description: &str| OidcError::invalid_client(description);
    let checked = signed_by(client, token);
    let got = match &checked {
        Ok((_, by)) => both!("подпись сходится: {by}", "the signature holds: {by}"),
        Err(mistake) => Told::of(|| {
            let cause = |known: &Mistake| known.cause.told(spoken(), split(mistake).1.as_deref());
            find(mistake).map(cause).unwrap_or_default()
        }),
    };
    let expected = both!(
        "RS256 ключом системы (oidc.jwks или сертификат)",
        "RS256 by a key of the client (oidc.jwks or certificate)"
    );
    let mut mistakes = Vec::from_iter(checked.as_ref().err().cloned());
    if mistakes.iter().any(|name| name == "assertion-signature")
        && let Some(other) = signed_by_another(judge.world, client, token).await?
    {
        mistakes = vec![named("assertion-key-of-another", &other)];
    }
    let error = failed("the signature of client_assertion does not hold");
    judge.require(Check::of(ASSERTION, expected, got, checked.is_ok()).mistakes(mistakes), error)?;
    let Ok((claims, _)) = checked else { return Ok(()) };
    audience(judge, &claims)?;
    let time = |seconds: i64| DateTime::from_timestamp(seconds, 0);
    let expires_at = time(claims.exp).unwrap_or(DateTime::UNIX_EPOCH);
    let in_time = expires_at + LEEWAY > judge.now
        && expires_at <= judge.now + MAX_AHEAD + LEEWAY
        && claims.nbf.is_none_or(|nbf| time(nbf).is_some_and(|at| at <= judge.now + LEEWAY));
    let nbf = claims.nbf.map_or_else(|| both!("нет", "none"), |nbf| nbf.to_string().into());
    let got = both!("exp={}, nbf={nbf}", "exp={}, nbf={nbf}", claims.exp);
    let expected =
        both!("срок после {} и не дальше часа", "an end after {} and not beyond an hour", judge.now.timestamp());
    let error = failed("client_assertion has expired, or is not valid yet");
    judge.require(Check::of(ASSERTION, expected, got, in_time).mistakes(vec![mistimed(&claims, judge.now)]), error)?;
    let ahead = claims.iat.map(|iat| TimeDelta::seconds(iat - judge.now.timestamp())).filter(|ahead| *ahead > LEEWAY);
    let future = ahead.map(|ahead| named("assertion-future", &short(ahead)));
    judge.tolerate(
        ASSERTION,
        both!("iat не в будущем", "iat not in the future"),
        both!("в будущем", "in the future"),
        future,
    );
    once(judge, client, Used { jti: &claims.jti, expires_at: expires_at + LEEWAY }).await
}

/// Checks that the assertion is meant for this provider (RFC 7523 §3, 3).
fn audience(judge: &Judge<'_>, claims: &Assertion) -> Result<(), OidcError> {
    let ours = [
        judge.issuer(),
        judge.world.world_url.url("/oidc/token"),
        judge.world.world_url.url("/oidc/revoke"),
        judge.world.world_url.url("/oidc/introspect"),
    ];
    let is_ours = claims.aud.names().iter().any(|name| ours.contains(name) || name.strip_suffix('/') == Some(&ours[0]));
    let theirs = claims.aud.names().join(",");
    let is_near = theirs.starts_with(&judge.world.world_url.origin) && theirs.contains("/w/")
        || theirs == judge.world.world_url.origin;
    let mistake = named(if is_near { "assertion-other-world" } else { "assertion-aud" }, &theirs);
    let error = OidcError::invalid_client("aud of client_assertion must be the issuer or the token endpoint");
    let expected = both!("aud: {} или {}", "aud: {} or {}", ours[0], ours[1]);
    let found = Check::of(ASSERTION, expected, claims.aud.names().join(", "), is_ours);
    judge.require(found.mistakes([mistake]), error)
}

/// The `jti` of an assertion, and the time until which it is stored.
struct Used<'a> {
    jti: &'a str,
    expires_at: DateTime<Utc>,
}

/// Checks that `jti` was not used before (RFC 7523 §3, 7), and records its use.
async fn once(judge: &Judge<'_>, client: &Registered, Used { jti, expires_at }: Used<'_>) -> Result<(), Refusal> {
    let error = OidcError::invalid_client("jti of client_assertion is empty or too long");
    let fits = !jti.is_empty() && jti.len() <= MAX_JTI;
    let mistakes = vec!["assertion-jti".to_owned()];
    judge.require(
        Check::of(ASSERTION, both!("jti до {MAX_JTI} байт", "jti of up to {MAX_JTI} bytes"), jti, fits)
            .mistakes(mistakes),
        error,
    )?;
    let (id, replayed) = (client.id(), OidcError::invalid_client("client_assertion was used before: jti is known"));
    let used = judge.world.world.act(|state, _, _| {
        if state.grants.is_assertion_used(id, jti) {
            return Err(replayed.clone());
        }
        let event = GrantEvent::AssertionUsed { client: id.clone(), jti: jti.to_owned(), expires_at };
        Ok((vec![Event::Grant(event)], ()))
    });
    let (got, result) = match used.await {
        Ok(()) => (both!("jti новый", "the jti is new"), Ok(())),
        Err(ActError::Refused(error)) => (both!("jti уже был", "the jti was here before"), Err(error)),
        Err(ActError::Store(error)) => return Err(error.into()),
    };
    let found =
        Check::of(ASSERTION, both!("jti ещё не встречался", "a jti that was not here before"), got, result.is_ok());
    Ok(judge.require(found.mistakes(["assertion-used"]), replayed)?)
}

/// Verifies an assertion with the client's keys. Returns its claims and a description of the key.
///
/// # Errors
/// Returns the name of the mistake.
fn signed_by(client: &Registered, token: &str) -> Result<(Assertion, String), String> {
    let header = decode_header(token)
        .map_err(|_| malformed(token).into_iter().next().unwrap_or_else(|| "assertion-malformed".to_owned()))?;
    if part(token, 0).is_some_and(|header| header.get("crit").is_some()) {
        return Err("assertion-crit".to_owned());
    }
    if header.alg != Algorithm::RS256 {
        return Err(named("assertion-algorithm", &format!("{:?}", header.alg)));
    }
    let keys = client.oidc.jwks.iter().flat_map(|jwks| &jwks.keys);
    let by_jwks = keys
        .filter(|key| header.kid.is_none() || key.kid.is_none() || key.kid == header.kid)
        .map(|key| (Some(key.n.clone()), Some(key.e.clone()), format!("kid={}", key.kid.as_deref().unwrap_or("-"))));
    let by_certificates = client.client.certificates.iter().filter_map(|certificate| {
        let key = certificate.public_key().ok()?;
        Some((key.jwk_n(), key.jwk_e(), certificate.subject().to_owned()))
    });
    let has_keys = client.oidc.jwks.iter().any(|jwks| !jwks.keys.is_empty()) || !client.client.certificates.is_empty();
    let mut last = match &header.kid {
        Some(kid) if has_keys => named("assertion-key", kid),
        _ => "assertion-no-key".to_owned(),
    };
    for (n, e, name) in by_jwks.chain(by_certificates) {
        let Some((n, e)) = n.zip(e) else { continue };
        let Ok(key) = DecodingKey::from_rsa_components(&n, &e) else { continue };
        match decode::<Assertion>(token, &key, &signature_only()) {
            Ok(read) => return Ok((read.claims, name)),
            Err(_) => last = miswritten(token).unwrap_or_else(|| "assertion-signature".to_owned()),
        }
    }
    Err(last)
}

/// Returns the mnemonic of another client of this world whose key has signed the assertion.
async fn signed_by_another(
    world: &InWorld<Gosuslugi>,
    client: &Registered,
    token: &str,
) -> Result<Option<String>, Refusal> {
    let look = |state: &Gosuslugi, _| {
        let mut others = state.clients.iter().filter(|other| other.spec.mnemonic != *client.id());
        let is_signer = |other: &&Client| {
            let Some(client) = state.clients.shared(&other.spec.mnemonic) else { return false };
            let registered = Registered { client, oidc: other.oidc().into_owned(), strictness: Strictness::Strict };
            signed_by(&registered, token).is_ok()
        };
        others.find(is_signer).map(|other| other.spec.mnemonic.to_string())
    };
    Ok(world.world.read(look).await?)
}

/// A part of a JWT that is JSON.
fn part(token: &str, at: usize) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(at)?).ok()?).ok()
}

/// How the text of an assertion differs from what was signed.
fn miswritten(token: &str) -> Option<String> {
    if token.contains("-----BEGIN") || token.starts_with('{') {
        return Some("assertion-malformed".to_owned());
    }
    let is_read =
        |inner: &str| part(inner, 0).is_some() && part(inner, 1).is_some() && !inner.contains(char::is_whitespace);
    if let Some(slip) = slip("client_assertion", token, is_read).filter(|_| !is_read(token)) {
        return Some(slip);
    }
    if token.contains(['+', '/', '=']) {
        return Some("assertion-base64".to_owned());
    }
    let signature = token.split('.').nth(2).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let is_cut = signature.is_none_or(|signature| signature.len() < SMALLEST_SIGNATURE);
    (is_cut && token.starts_with("eyJ")).then(|| named("assertion-truncated", &token.len().to_string()))
}

/// Names the mistakes in an assertion that cannot be parsed.
fn malformed(token: &str) -> Vec<String> {
    let (header, claims) = (part(token, 0), part(token, 1));
    if let Some(name) = miswritten(token) {
        return vec![name];
    }
    let algorithm = header.as_ref().and_then(|header| header["alg"].as_str()).unwrap_or("RS256");
    if algorithm != "RS256" {
        return vec![named("assertion-algorithm", algorithm)];
    }
    let Some(claims) = claims else { return vec!["assertion-malformed".to_owned()] };
    let is_number = |name: &str| claims[name].is_i64() || claims[name].is_u64();
    let is_right = |name: &str| match name {
        "exp" => is_number(name),
        "aud" => claims[name].is_string() || claims[name].is_array(),
        "iat" | "nbf" => claims.get(name).is_none() || is_number(name),
        _ => claims[name].is_string(),
    };
    let wrong = ["iss", "sub", "aud", "exp", "jti", "iat", "nbf"].into_iter().find(|name| !is_right(name));
    vec![wrong.map_or_else(|| "assertion-malformed".to_owned(), |name| named("assertion-claim", name))]
}

/// Names the mistake in the times of an assertion.
fn mistimed(claims: &Assertion, now: DateTime<Utc>) -> String {
    let off = |seconds: i64| TimeDelta::try_seconds(seconds.saturating_sub(now.timestamp())).unwrap_or(TimeDelta::MAX);
    match claims.nbf.map(off) {
        _ if claims.exp > 100_000_000_000 => "time-milliseconds".to_owned(),
        Some(ahead) if ahead > LEEWAY => named("assertion-not-yet", &short(ahead)),
        _ if off(claims.exp) < TimeDelta::zero() => named("assertion-expired", &short(off(claims.exp))),
        _ => named("assertion-too-long", &short(off(claims.exp))),
    }
}
