//! Tokens: their claims as recorded (§3.3 to §3.8 of the protocol notes), RS256 signing and checking.
//!
//! `jsonwebtoken` always writes `typ` and `alg` first, which is not ЕСИА's header, so header and claims are assembled
//! here and signed with `aws-lc-rs` directly.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    certificate::{Certificate, Hash, KeyError, PublicKey, SigningKey},
    ids::{Mnemonic, Oid},
};

/// Default `iss`, whatever the server's own address: clients hard-code it.
pub const DEFAULT_ISSUER: &str = "http://esia.gosuslugi.ru/";

/// What a token is for: the header's `sbt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Маркер доступа.
    Access,
    /// Маркер идентификации.
    Id,
    /// Авторизационный код.
    AuthorizationCode,
}

/// The header of a token, in the recorded order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// 0 in id tokens, 1 in the others.
    pub ver: u8,
    /// `JWT`.
    pub typ: String,
    /// Codes only: ГОСТ Р 34.11-2012 (256 bits) of the signing certificate, upper-case hex.
    #[serde(rename = "x5t#St256", default, skip_serializing_if = "Option::is_none")]
    pub x5t_st256: Option<String>,
    /// What the token is for.
    pub sbt: TokenKind,
    /// `RS256`.
    pub alg: String,
}

/// Claims that can be signed and checked.
pub trait Claims: Serialize + DeserializeOwned {
    /// The `sbt` of the header.
    const KIND: TokenKind;
    /// `nbf`, seconds since 1970.
    fn not_before(&self) -> i64;
    /// `exp`, seconds since 1970.
    fn expires_at(&self) -> i64;
}

macro_rules! claims {
    ($type:ty, $kind:ident) => {
        impl Claims for $type {
            const KIND: TokenKind = TokenKind::$kind;

            fn not_before(&self) -> i64 {
                self.nbf
            }

            fn expires_at(&self) -> i64 {
                self.exp
            }
        }
    };
}
claims!(AccessClaims, Access);
claims!(SystemClaims, Access);
claims!(IdClaims, Id);
claims!(CodeClaims, AuthorizationCode);

/// Claims of a person's access token (§3.6). No `aud`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// `fullname?oid=… openid`: see [`Scopes::with_oid`](crate::scope::Scopes::with_oid).
    pub scope: String,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Session.
    #[serde(rename = "urn:esia:sid")]
    pub session_id: String,
    /// The person.
    #[serde(rename = "urn:esia:sbj_id")]
    pub subject: Oid,
    /// Expires, seconds since 1970; an hour after `iat`.
    pub exp: i64,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// The system that asked.
    pub client_id: Mnemonic,
}

/// Claims of a system's own access token (`client_credentials`): nobody's data, hence no person in it. What real ЕСИА
/// puts there is not public; this is [`AccessClaims`] without the person and the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemClaims {
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// As granted.
    pub scope: String,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Expires, seconds since 1970.
    pub exp: i64,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// The system itself.
    pub client_id: Mnemonic,
}

/// How a person proved who they are: `amr`, `urn:esia:amd`, `auth_mthd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AuthMethod {
    /// Password.
    Pwd,
    /// Electronic signature.
    Ds,
}

/// `urn:esia:sbj:lvl` (§6.1 of the protocol notes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Simplified or standard.
    P,
    /// Confirmed.
    Pr,
    /// A child account.
    Kd,
}

/// `urn:esia:sbj`, the person as id tokens and codes describe them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Level of the account. Absent before 2023 or so.
    #[serde(rename = "urn:esia:sbj:lvl", default, skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// `P`, a natural person.
    #[serde(rename = "urn:esia:sbj:typ")]
    pub kind: String,
    /// `true` for a confirmed account, else absent.
    #[serde(rename = "urn:esia:sbj:is_tru", default, skip_serializing_if = "std::ops::Not::not")]
    pub is_trusted: bool,
    /// The person.
    #[serde(rename = "urn:esia:sbj:oid")]
    pub oid: Oid,
    /// `OID.1000299654`.
    #[serde(rename = "urn:esia:sbj:nam")]
    pub name: String,
}

impl Subject {
    /// A natural person.
    pub fn person(oid: Oid, level: Level) -> Self {
        let is_trusted = level == Level::Pr;
        Self { level: Some(level), kind: "P".to_owned(), is_trusted, oid, name: format!("OID.{oid}") }
    }
}

/// Claims of an id token (§3.7). Neither `nonce` nor `at_hash`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdClaims {
    /// The system that asked.
    pub aud: Mnemonic,
    /// The person: a number, unlike in OpenID Connect.
    pub sub: Oid,
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// One method, not a list.
    pub amr: AuthMethod,
    /// The same.
    #[serde(rename = "urn:esia:amd")]
    pub amd: AuthMethod,
    /// When the person signed in, seconds since 1970.
    pub auth_time: i64,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Session.
    #[serde(rename = "urn:esia:sid")]
    pub session_id: String,
    /// The person.
    #[serde(rename = "urn:esia:sbj")]
    pub subject: Subject,
    /// Expires, seconds since 1970; three hours after `iat`.
    pub exp: i64,
    /// Issued at, seconds since 1970.
    pub iat: i64,
}

/// Claims of an authorization code (§3.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeClaims {
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// With `?oid=`, as in the access token.
    pub scope: String,
    /// When the person signed in, seconds since 1970.
    pub auth_time: i64,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Session.
    #[serde(rename = "urn:esia:sid")]
    pub session_id: String,
    /// The `state` of the authorization request.
    #[serde(rename = "urn:esia:client:state")]
    pub state: String,
    /// How the person signed in.
    pub auth_mthd: AuthMethod,
    /// The person.
    #[serde(rename = "urn:esia:sbj")]
    pub subject: Subject,
    /// Expires, seconds since 1970; 240 seconds after `iat`.
    pub exp: i64,
    /// Empty nowadays.
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// The system that asked.
    pub client_id: Mnemonic,
}

/// A good answer of the token endpoint (§3.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// JWT with [`AccessClaims`] or [`SystemClaims`].
    pub access_token: String,
    /// JWT with [`IdClaims`], when the scope contains `openid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The `state` of this request.
    pub state: String,
    /// `Bearer`.
    pub token_type: String,
    /// Seconds.
    pub expires_in: u32,
    /// When `access_type` was `offline`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// A refusal of the token endpoint (§3.4), status 400.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenError {
    /// [`EsiaError::oauth_error`](crate::error::EsiaError::oauth_error).
    pub error: String,
    /// [`EsiaError::description`](crate::error::EsiaError::description).
    pub error_description: String,
    /// The `state` of this request, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}

/// Signs tokens. Make it once and keep it: reading a key costs as much as signing.
#[derive(Clone, Debug)]
pub struct Signer {
    key: SigningKey,
    certificate: Certificate,
    /// Encoded headers of access tokens, id tokens and codes.
    headers: [String; 3],
}

impl Signer {
    /// With a key and its certificate.
    ///
    /// # Errors
    /// [`KeyError::Mismatch`] when they are of different pairs.
    pub fn new(key: SigningKey, certificate: Certificate) -> Result<Self, KeyError> {
        key.check_certificate(&certificate)?;
        let header = |ver, sbt, x5t_st256| {
            encode(&Header { ver, typ: "JWT".to_owned(), x5t_st256, sbt, alg: "RS256".to_owned() })
        };
        let headers = [
            header(1, TokenKind::Access, None)?,
            header(0, TokenKind::Id, None)?,
            header(1, TokenKind::AuthorizationCode, Some(certificate.streebog256_hex()))?,
        ];
        Ok(Self { key, certificate, headers })
    }

    /// From two PEM texts.
    ///
    /// # Errors
    /// When one of them cannot be read, or they are of different pairs.
    pub fn from_pem(key: &str, certificate: &str) -> Result<Self, KeyError> {
        Self::new(SigningKey::from_pem(key)?, Certificate::from_pem(certificate)?)
    }

    /// What the tokens can be checked with.
    pub fn certificate(&self) -> &Certificate {
        &self.certificate
    }

    /// A signed token.
    ///
    /// # Errors
    /// [`KeyError::Signing`] when the library refuses, which it has no reason to.
    pub fn sign<T: Claims>(&self, claims: &T) -> Result<String, KeyError> {
        let [access, id, code] = &self.headers;
        let header = match T::KIND {
            TokenKind::Access => access,
            TokenKind::Id => id,
            TokenKind::AuthorizationCode => code,
        };
        let mut token = format!("{header}.{}", encode(claims)?);
        let signature = self.key.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut token);
        Ok(token)
    }
}

fn encode(value: &impl Serialize) -> Result<String, KeyError> {
    serde_json::to_vec(value).map(|json| URL_SAFE_NO_PAD.encode(json)).map_err(|_| KeyError::Signing)
}

/// Why a token is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenVerifyError {
    /// Not three parts of base64url with JSON in the first.
    #[error("это не маркер в формате JWT")]
    Malformed,
    /// Signed in another way. Holds `alg`.
    #[error("маркер подписан алгоритмом {0}, ожидался RS256")]
    Algorithm(String),
    /// For another use.
    #[error("маркер не того вида: ожидался {expected:?}, получен {got:?}")]
    Kind {
        /// What was asked for.
        expected: TokenKind,
        /// The header's `sbt`.
        got: TokenKind,
    },
    /// Not signed by this key, or changed since.
    #[error("подпись маркера не сходится")]
    Signature,
    /// Signed, but the claims are not those of this kind. Holds the reader's words.
    #[error("содержимое маркера не читается: {0}")]
    Claims(String),
    /// `nbf` is still to come.
    #[error("маркер ещё не действует: он действует с {not_before}, сейчас {now}")]
    NotYet {
        /// Seconds since 1970.
        not_before: i64,
        /// Seconds since 1970.
        now: i64,
    },
    /// `exp` has come.
    #[error("срок маркера истёк: он действовал до {expires_at}, сейчас {now}")]
    Expired {
        /// Seconds since 1970.
        expires_at: i64,
        /// Seconds since 1970.
        now: i64,
    },
}

impl TokenVerifyError {
    /// Stable name for verdicts and tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Malformed => "token-malformed",
            Self::Algorithm(_) => "token-algorithm",
            Self::Kind { .. } => "token-kind",
            Self::Signature => "token-signature",
            Self::Claims(_) => "token-claims",
            Self::NotYet { .. } => "token-not-yet",
            Self::Expired { .. } => "token-expired",
        }
    }
}

/// Checks form, algorithm, kind, signature and time, in this order. Issuer, audience and person are the caller's.
///
/// # Errors
/// The first check that fails.
pub fn verify<T: Claims>(
    jwt: &str,
    key: &PublicKey,
    now: DateTime<Utc>,
    leeway: TimeDelta,
) -> Result<T, TokenVerifyError> {
    let parts = Parts::split(jwt)?;
    if parts.header.alg != "RS256" {
        return Err(TokenVerifyError::Algorithm(parts.header.alg));
    }
    if parts.header.sbt != T::KIND {
        return Err(TokenVerifyError::Kind { expected: T::KIND, got: parts.header.sbt });
    }
    if !key.verifies(Hash::Sha256, parts.signed, &parts.signature) {
        return Err(TokenVerifyError::Signature);
    }
    let claims: T = parts.claims()?;
    let (now, leeway) = (now.timestamp(), leeway.num_seconds());
    let (not_before, expires_at) = (claims.not_before(), claims.expires_at());
    if now < not_before.saturating_sub(leeway) {
        return Err(TokenVerifyError::NotYet { not_before, now });
    }
    if now >= expires_at.saturating_add(leeway) {
        return Err(TokenVerifyError::Expired { expires_at, now });
    }
    Ok(claims)
}

/// Header and claims of a token that nobody has checked: for showing to a person, never for trusting.
///
/// # Errors
/// When it is not a JWT of ЕСИА, or the claims are not `T`.
pub fn decode_unverified<T: DeserializeOwned>(jwt: &str) -> Result<(Header, T), TokenVerifyError> {
    let parts = Parts::split(jwt)?;
    let claims = parts.claims()?;
    Ok((parts.header, claims))
}

struct Parts<'a> {
    header: Header,
    payload: Vec<u8>,
    signed: &'a [u8],
    signature: Vec<u8>,
}

impl<'a> Parts<'a> {
    fn split(jwt: &'a str) -> Result<Self, TokenVerifyError> {
        let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| TokenVerifyError::Malformed);
        let (signed, signature) = jwt.rsplit_once('.').ok_or(TokenVerifyError::Malformed)?;
        let (header, payload) = signed.split_once('.').ok_or(TokenVerifyError::Malformed)?;
        let (payload, signature) = (decode(payload)?, decode(signature)?);
        // `alg` is read alone first: a token of another system may have nothing else that we know.
        let header = decode(header)?;
        match serde_json::from_slice(&header) {
            Ok(header) => Ok(Self { header, payload, signed: signed.as_bytes(), signature }),
            Err(_) => Err(foreign(&header)),
        }
    }

    fn claims<T: DeserializeOwned>(&self) -> Result<T, TokenVerifyError> {
        serde_json::from_slice(&self.payload).map_err(|error| TokenVerifyError::Claims(error.to_string()))
    }
}

fn foreign(header: &[u8]) -> TokenVerifyError {
    #[derive(Deserialize)]
    struct Algorithm {
        alg: String,
    }
    match serde_json::from_slice(header) {
        Ok(Algorithm { alg }) if alg != "RS256" => TokenVerifyError::Algorithm(alg),
        _ => TokenVerifyError::Malformed,
    }
}

#[cfg(test)]
mod tests;
