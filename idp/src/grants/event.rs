//! Events of the authorization server.

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{grant::Grant, permission::Permission, request::AuthorizationRequest};
use crate::portal::consents::ConsentId;

/// Tokens that were given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssuedTokens {
    /// The access token, where the provider remembers each: in OpenID Connect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<IssuedAccess>,
    /// The refresh token itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh: Option<String>,
}

/// An access token that the provider remembers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct IssuedAccess {
    /// `jti` of the token.
    pub jti: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// The issuer as the client asked it.
    pub iss: String,
}

/// A token by what it is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TokenName {
    /// An access token by its `jti`.
    Access(String),
    /// A refresh token, the token itself.
    Refresh(String),
}

/// What was presented a second time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Replayed {
    /// An authorization code (RFC 6749 §4.1.2).
    Code,
    /// A refresh token (RFC 9700 §4.14.2).
    Refresh,
}

/// What a client may do with a token of its own.
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

/// What happens at the authorization server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum GrantEvent {
    /// A client sent a person here, and its request is in order.
    AuthorizationRequested {
        /// Identifier of the request.
        request: String,
        /// The request itself.
        pending: Box<AuthorizationRequest>,
    },
    /// The answer to a request was no.
    AuthorizationRefused {
        /// Identifier of the request.
        request: String,
        /// The person who was asked.
        subject: Oid,
        /// The client that asked.
        client: Mnemonic,
        /// The protocol's code of the answer: `ESIA-007004`, `access_denied`.
        code: String,
    },
    /// A person consented to something of the digital profile.
    Permitted {
        /// The person whose data are shared.
        subject: Oid,
        /// The client that gets them.
        client: Mnemonic,
        /// The consent as the client asked for it.
        permission: Box<Permission>,
        /// The consent that it lasts as long as.
        consent: ConsentId,
    },
    /// A code was issued; the request is used up.
    CodeIssued {
        /// Identifier of the request.
        request: String,
        /// The code; in ЕСИА's protocol the SHA-256 of its claims, hex.
        code: String,
        /// What the code stands for.
        grant: Box<Grant>,
        /// Until when the code works.
        expires_at: DateTime<Utc>,
    },
    /// A code was exchanged for tokens.
    CodeRedeemed {
        /// The code, as in `code-issued`.
        code: String,
        /// The person whose data are shared.
        subject: Oid,
        /// The client that gets them.
        client: Mnemonic,
        /// The tokens that were given out.
        tokens: IssuedTokens,
    },
    /// A refresh token was exchanged for new tokens.
    Refreshed {
        /// The refresh token that was presented.
        used: String,
        /// The person whose data are shared.
        subject: Oid,
        /// The client that gets them.
        client: Mnemonic,
        /// The tokens in its place; its own refresh token where tokens are not rotated.
        tokens: IssuedTokens,
    },
    /// A code or a refresh token came a second time: all that came from the same code is revoked.
    Replayed {
        /// What came a second time.
        what: Replayed,
        /// The code behind it.
        code: String,
        /// The person whose data were shared.
        subject: Oid,
        /// The client that had them.
        client: Mnemonic,
    },
    /// A client gave a token back (RFC 7009).
    Revoked {
        token: TokenName,
        /// The client that gave it back.
        client: Mnemonic,
    },
    /// A client authenticated by a JWT, which it cannot do with the same one again (RFC 7523 §3).
    AssertionUsed {
        client: Mnemonic,
        /// `jti` of the JWT.
        jti: String,
        /// `exp` of the JWT.
        expires_at: DateTime<Utc>,
    },
    /// A client got a token of its own (RFC 6749 §4.4).
    ClientTokenIssued {
        client: Mnemonic,
        /// What the token is for.
        purpose: ClientTokenPurpose,
        /// `jti` of the token.
        jti: String,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A client got a token about a person who was not there, by a consent in force (`prm_chg`).
    ConsentTokenIssued {
        client: Mnemonic,
        /// The person whose data are shared.
        subject: Oid,
        /// `urn:esia:sid` of the token.
        sid: String,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A client was told that a session had ended (OpenID Connect Back-Channel Logout).
    LogoutNotified {
        client: Mnemonic,
        /// The person whose session ended.
        subject: Oid,
        /// Whether the client answered as it should.
        is_heard: bool,
        /// How it answered, for the timeline.
        outcome: String,
        /// The same in English, where it differs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        outcome_in_english: Option<String>,
    },
}
