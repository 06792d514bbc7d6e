//! Events of the authorization server.

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{grant::Grant, permission::Permission, request::AuthorizationRequest};
use crate::portal::consents::ConsentId;

/// Tokens that were issued together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssuedTokens {
    /// Access token; only in OpenID Connect, where the provider stores each one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<IssuedAccess>,
    /// Value of the refresh token.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
}

/// Access token that the provider stores.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssuedAccess {
    /// `jti` of the token.
    pub jti: String,
    /// Expiry of the token.
    pub expires_at: DateTime<Utc>,
    /// Issuer URL under which the client sent its token request.
    pub iss: String,
}

/// Storage key of a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenName {
    /// `jti` of an access token.
    Access(String),
    /// Value of a refresh token.
    Refresh(String),
}

/// Kind of credential that was presented a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replayed {
    /// An authorization code (RFC 6749 §4.1.2).
    Code,
    /// A refresh token (RFC 9700 §4.14.2).
    Refresh,
}

/// Purpose of a token issued to the client itself (RFC 6749 §4.4).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientTokenPurpose {
    /// Ask for consents about anybody (`consent_request` of OpenID Connect).
    AskConsents,
    /// Ask for a consent about one person (`prm_req?oid=…`).
    AskConsent(Oid),
    /// Read data of an organisation, or call API ЕПГУ: `scope` of the token.
    Organisation(String),
}

/// Event of the authorization server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum GrantEvent {
    /// A client sent an authorization request, and it passed its checks.
    AuthorizationRequested {
        /// Identifier of the request.
        request: String,
        /// The request itself.
        pending: Box<AuthorizationRequest>,
    },
    /// An authorization request was refused.
    AuthorizationRefused {
        /// Identifier of the request.
        request: String,
        /// Person who was signed in.
        subject: Oid,
        /// Client that sent the request.
        client: Mnemonic,
        /// Error code in the protocol of the request: `ESIA-007004`, `access_denied`.
        code: String,
    },
    /// A person gave a consent of the digital profile.
    Permitted {
        /// Person whose data are shared.
        subject: Oid,
        /// Client that receives the data.
        client: Mnemonic,
        /// Consent as the client requested it.
        permission: Box<Permission>,
        /// Recorded consent, with which the permission ends.
        consent: ConsentId,
    },
    /// A code was issued, which ends the request.
    CodeIssued {
        /// Identifier of the request.
        request: String,
        /// Code; in ЕСИА's protocol the SHA-256 of its claims, hex.
        code: String,
        /// Grant that the code represents.
        grant: Box<Grant>,
        /// Expiry of the code.
        expires_at: DateTime<Utc>,
    },
    /// A code was exchanged for tokens.
    CodeRedeemed {
        /// Code as in `code-issued`.
        code: String,
        /// Person whose data are shared.
        subject: Oid,
        /// Client that receives the data.
        client: Mnemonic,
        /// Tokens that were issued for the code.
        tokens: IssuedTokens,
    },
    /// A refresh token was exchanged for new tokens.
    Refreshed {
        /// The refresh token that was presented.
        used: String,
        /// Person whose data are shared.
        subject: Oid,
        /// Client that receives the data.
        client: Mnemonic,
        /// New tokens; without rotation the refresh token is the one presented.
        tokens: IssuedTokens,
    },
    /// A code or a refresh token was presented a second time: all tokens issued for the code are revoked.
    Replayed {
        /// Kind of the credential presented.
        what: Replayed,
        /// Code from which the credential comes.
        code: String,
        /// Person whose data were shared.
        subject: Oid,
        /// Client that held the tokens.
        client: Mnemonic,
    },
    /// A client revoked a token (RFC 7009).
    Revoked {
        token: TokenName,
        /// Client that revoked the token.
        client: Mnemonic,
    },
    /// A client authenticated by a JWT, which is accepted only once (RFC 7523 §3).
    AssertionUsed {
        client: Mnemonic,
        /// `jti` of the JWT.
        jti: String,
        /// `exp` of the JWT.
        expires_at: DateTime<Utc>,
    },
    /// A client was issued a token for itself (RFC 6749 §4.4).
    ClientTokenIssued {
        client: Mnemonic,
        /// Purpose of the token.
        purpose: ClientTokenPurpose,
        /// `jti` of the token.
        jti: String,
        /// Expiry of the token.
        expires_at: DateTime<Utc>,
    },
    /// A client was issued a token for a person's data without a sign-in, by a consent in force (`prm_chg`).
    ConsentTokenIssued {
        client: Mnemonic,
        /// Person whose data are shared.
        subject: Oid,
        /// `urn:esia:sid` of the token.
        sid: String,
        /// Expiry of the token.
        expires_at: DateTime<Utc>,
    },
    /// A client was notified that a session ended (OpenID Connect Back-Channel Logout).
    LogoutNotified {
        client: Mnemonic,
        /// The person whose session ended.
        subject: Oid,
        /// Whether the client answered with 200 or 204.
        is_heard: bool,
        /// Response of the client or the failure, in Russian, for the timeline.
        outcome: String,
        /// English text of `outcome`, if it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome_in_english: Option<String>,
    },
}
