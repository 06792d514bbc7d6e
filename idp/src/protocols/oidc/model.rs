//! Authorization requests, grants and tokens of this door: what is kept of them, and what happens to them.

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::requested::RequestedClaims;

/// How the answer to an authorization request travels (OAuth 2.0 Multiple Response Types §2.1, Form Post §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResponseMode {
    /// In the query of a redirect.
    #[default]
    Query,
    /// In a form that the browser posts.
    FormPost,
}

/// Where and how to answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct ReplyTo {
    /// `redirect_uri`, found among the registered ones.
    pub redirect_uri: String,
    /// How.
    pub mode: ResponseMode,
    /// `state`, echoed.
    pub state: Option<String>,
    /// The issuer as the browser asked it (RFC 9207).
    pub iss: String,
}

/// Which sign-in an authorization request needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Wanted {
    /// One after the request (`prompt=login`, `prompt=select_account`, `max_age=0`), hence not the session that there was.
    pub fresh: bool,
    /// `urn:esia:sid` of the session that there was.
    pub stale: Option<String>,
    /// `max_age`, seconds.
    pub max_age: Option<i64>,
    /// The person that `id_token_hint` names.
    pub subject: Option<Oid>,
    /// `prompt=consent`: the consent page, whatever has been consented to already.
    pub consent: bool,
    /// `login_hint`
    pub login_hint: Option<String>,
    /// The persons that `claims` names as `sub`; empty for anybody.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subjects: Vec<Oid>,
    /// What an essential `acr` of `claims` may be; empty for any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub acr: Vec<String>,
}

impl Wanted {
    /// Whether a person is one that the request names, if it names any.
    pub(super) fn is_for(&self, person: Oid) -> bool {
        self.subject.is_none_or(|named| named == person)
            && (self.subjects.is_empty() || self.subjects.contains(&person))
    }
}

/// An authorization request that has passed its checks and waits for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pending {
    /// Who asks.
    pub client: Mnemonic,
    /// Where the answer goes.
    pub reply: ReplyTo,
    /// Scopes of this door, in the request's order.
    pub scopes: Vec<String>,
    /// Claims asked for one by one.
    #[serde(default, skip_serializing_if = "RequestedClaims::is_empty")]
    pub claims: RequestedClaims,
    /// Goes into the id token.
    pub nonce: Option<String>,
    /// `code_challenge` (S256).
    pub challenge: Option<String>,
    /// Which sign-in it needs.
    pub wanted: Wanted,
    /// When it came.
    pub asked_at: DateTime<Utc>,
    /// Until when the person may answer.
    pub expires_at: DateTime<Utc>,
}

/// What a code stands for, and the tokens that came from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    /// Whose data.
    pub subject: Oid,
    /// Which system gets them.
    pub client: Mnemonic,
    /// `sid` of the session in which it was given.
    pub sid: String,
    /// When that session began: `auth_time`.
    pub signed_in_at: DateTime<Utc>,
    /// When the last of its refresh tokens ends.
    pub refresh_until: DateTime<Utc>,
    /// How the person signed in (RFC 8176).
    pub amr: Vec<String>,
    /// What was asked for; what is granted follows from the consents in force.
    pub scopes: Vec<String>,
    /// Claims asked for one by one; the same holds for them.
    #[serde(default, skip_serializing_if = "RequestedClaims::is_empty")]
    pub claims: RequestedClaims,
    /// `redirect_uri` of the request.
    pub redirect_uri: String,
    /// `nonce` of the request.
    pub nonce: Option<String>,
    /// `code_challenge` of the request.
    pub challenge: Option<String>,
}

/// Tokens that were given out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Issued {
    /// `jti` of the access token.
    pub access: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
    /// The issuer as the client asked it.
    pub iss: String,
    /// The refresh token.
    pub refresh: Option<String>,
}

/// A token by what it is kept under.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum TokenName {
    /// An access token.
    Access {
        /// Its `jti`.
        jti: String,
    },
    /// A refresh token.
    Refresh {
        /// The token itself.
        token: String,
    },
}

/// What happens at the OpenID Connect door.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum OidcEvent {
    /// A system sent a person here, and its request is in order.
    AuthorizationRequested {
        /// The request's id.
        request: String,
        /// What it says.
        pending: Box<Pending>,
    },
    /// The answer to a request was no.
    AuthorizationRefused {
        /// The request.
        request: String,
        /// Who was asked.
        subject: Oid,
        /// Who asked.
        client: Mnemonic,
    },
    /// A code was issued; the request is used up.
    CodeIssued {
        /// The request.
        request: String,
        /// The code.
        code: String,
        /// What it stands for.
        grant: Box<Grant>,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A code was exchanged for tokens.
    CodeRedeemed {
        /// The code.
        code: String,
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
        /// The tokens.
        tokens: Issued,
    },
    /// A code came a second time: everything that came from it is revoked (RFC 6749 §4.1.2).
    CodeReplayed {
        /// The code.
        code: String,
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
    },
    /// A refresh token was exchanged for new tokens.
    Refreshed {
        /// The token that no longer works.
        used: String,
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
        /// The tokens in its place.
        tokens: Issued,
    },
    /// A refresh token came a second time: everything of its family is revoked (RFC 9700 §4.14.2).
    RefreshReplayed {
        /// The token.
        token: String,
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
    },
    /// A system gave a token back (RFC 7009).
    Revoked {
        /// Which token.
        token: TokenName,
        /// Which system.
        client: Mnemonic,
    },
    /// A system proved who it is by a JWT, which it cannot do with the same one again (RFC 7523 §3).
    AssertionUsed {
        /// Which system.
        client: Mnemonic,
        /// The JWT's `jti`.
        jti: String,
        /// When it would have expired.
        expires_at: DateTime<Utc>,
    },
    /// A system got a token of its own.
    SystemTokenIssued {
        /// Which system.
        client: Mnemonic,
        /// `jti` of the token.
        jti: String,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A system was told that a session had ended (OpenID Connect Back-Channel Logout).
    LogoutTold {
        /// Which system.
        client: Mnemonic,
        /// Whose session.
        subject: Oid,
        /// Whether it answered as it should.
        is_heard: bool,
        /// What came of it, for a reader.
        outcome: String,
    },
}

/// `acr` for each level of an account. ЕСИА sends none.
pub(super) const ACR: [&str; 3] =
    ["urn:esia-stand:level:simplified", "urn:esia-stand:level:standard", "urn:esia-stand:level:confirmed"];
