use schemars::JsonSchema;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::ids::{Mnemonic, Oid};

/// Default `iss`, whatever the server's own address: clients hard-code it.
pub const DEFAULT_ISSUER: &str = "http://esia.gosuslugi.ru/";

/// What a token is for: the header's `sbt`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenKind {
    /// Access token, «маркер доступа».
    Access,
    /// ID token, «маркер идентификации».
    Id,
    /// Authorization code, «авторизационный код».
    AuthorizationCode,
}

/// The header of a token, in the recorded order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// 0 in id tokens, 1 in the others.
    pub ver: u8,
    /// Type of the token: `JWT`.
    pub typ: String,
    /// Codes only: ГОСТ Р 34.11-2012 (256 bits) of the signing certificate, upper-case hex.
    #[serde(rename = "x5t#St256", default, skip_serializing_if = "Option::is_none")]
    pub x5t_st256: Option<String>,
    /// What the token is for.
    pub sbt: TokenKind,
    /// `RS256` or `GOST3410_2012_256`.
    pub alg: String,
}

/// Claims that can be signed and checked.
pub trait Claims: Serialize + DeserializeOwned {
    /// The `sbt` of the header.
    const KIND: TokenKind;
    /// `nbf`, seconds since 1970.
    fn not_before(&self) -> i64;
    /// `iat`, seconds since 1970.
    fn issued_at(&self) -> i64;
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

            fn issued_at(&self) -> i64 {
                self.iat
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

/// Claims of a person's access token (ESIA §3.6). No `aud`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// `fullname?oid=… openid`: see [`Scopes::with_oid`](crate::scope::Scopes::with_oid).
    pub scope: String,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Identifier of the session, a UUID.
    #[serde(rename = "urn:esia:sid")]
    pub session_id: String,
    /// The person's oid.
    #[serde(rename = "urn:esia:sbj_id")]
    pub subject: Oid,
    /// Expires, seconds since 1970; an hour after `iat`.
    pub exp: i64,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// The system that asked.
    pub client_id: Mnemonic,
    /// The organisation that the person acts for, in tokens with scopes of organisations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_oid: Option<Oid>,
    /// Consents of the digital profile, JSON as in the request's `permissions`. Only in tokens that rest on some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions: Option<String>,
    /// Where they are seen and revoked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub permissions_url: Option<String>,
}

/// Claims of a system's own access token (`client_credentials`): nobody's data, hence no person in it. What real ЕСИА
/// puts there is not public; this is [`AccessClaims`] without the person and the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemClaims {
    /// Not before, seconds since 1970.
    pub nbf: i64,
    /// Granted scopes, separated by spaces.
    pub scope: String,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Expires, seconds since 1970.
    pub exp: i64,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// The system itself.
    pub client_id: Mnemonic,
    /// The organisation of the scopes, where they are of one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_oid: Option<Oid>,
    /// The token's own id (RFC 7519 §4.1.7). Ours: ЕСИА's token of a system has no session to be told by, and without
    /// either two worlds could sign the very same token.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub jti: String,
}

/// How a person proved who they are: `amr`, `urn:esia:amd`, `auth_mthd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum AuthMethod {
    /// `PWD`: by password.
    Pwd,
    /// `DS`: by electronic signature.
    Ds,
}

/// `urn:esia:sbj:lvl` (ESIA §6.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum Level {
    /// Simplified or standard.
    P,
    /// A confirmed account.
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
    /// The person's oid.
    #[serde(rename = "urn:esia:sbj:oid")]
    pub oid: Oid,
    /// `OID.` and the number, as `OID.1000299654`.
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

/// Claims of an id token (ESIA §3.7). Neither `nonce` nor `at_hash`.
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
    /// The same value once more.
    #[serde(rename = "urn:esia:amd")]
    pub amd: AuthMethod,
    /// When the person signed in, seconds since 1970.
    pub auth_time: i64,
    /// [`DEFAULT_ISSUER`] unless set otherwise.
    pub iss: String,
    /// Identifier of the session, a UUID.
    #[serde(rename = "urn:esia:sid")]
    pub session_id: String,
    /// The person's oid.
    #[serde(rename = "urn:esia:sbj")]
    pub subject: Subject,
    /// Expires, seconds since 1970; three hours after `iat`.
    pub exp: i64,
    /// Issued at, seconds since 1970.
    pub iat: i64,
}

/// Claims of an authorization code (ESIA §3.8).
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
    /// Identifier of the session, a UUID.
    #[serde(rename = "urn:esia:sid")]
    pub session_id: String,
    /// The `state` of the authorization request.
    #[serde(rename = "urn:esia:client:state")]
    pub state: String,
    /// How the person signed in.
    pub auth_mthd: AuthMethod,
    /// The person's oid.
    #[serde(rename = "urn:esia:sbj")]
    pub subject: Subject,
    /// Expires, seconds since 1970; 240 seconds after `iat`.
    pub exp: i64,
    /// Empty in today's tokens.
    #[serde(default)]
    pub params: serde_json::Map<String, serde_json::Value>,
    /// Issued at, seconds since 1970.
    pub iat: i64,
    /// The system that asked.
    pub client_id: Mnemonic,
}

/// A good answer of the token endpoint (ESIA §3.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenResponse {
    /// JWT with [`AccessClaims`] or [`SystemClaims`].
    pub access_token: String,
    /// JWT with [`IdClaims`], when the scope contains `openid`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token: Option<String>,
    /// The `state` of this request; left out when it had none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// Always `Bearer` (RFC 6750).
    pub token_type: String,
    /// Life of the access token, seconds.
    pub expires_in: u32,
    /// When `access_type` was `offline`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
}

/// A refusal of the token endpoint (ESIA §3.4), status 400.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenError {
    /// OAuth error, see [`EsiaError::oauth_error`](crate::error::EsiaError::oauth_error).
    pub error: String,
    /// ЕСИА's code and text, see [`EsiaError::description`](crate::error::EsiaError::description).
    pub error_description: String,
    /// The `state` of this request, if it had one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
}
