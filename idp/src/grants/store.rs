//! State of the authorization server in a world: pending authorization requests, codes, tokens.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};
use worlds::{Expiring, Limit, Shared, Term};

use super::{
    error::OtherSignIn,
    event::{GrantEvent, IssuedTokens, TokenName},
    grant::{Grant, REMEMBERED_FOR},
    permission::Permission,
    request::{AuthorizationRequest, Protocol},
};
use crate::portal::consents::ConsentId;

/// Limit of pending authorization requests, by client and overall. Anybody can send a request again that a client has
/// signed, so the oldest is dropped rather than a new one refused.
const PENDING: Limit = Limit { each: 2_000, all: 10_000 };

/// Limit of codes, by person and overall. A code is kept as long as its tokens; when it is dropped, they stop working.
const CODES: Limit = Limit { each: 1_000, all: 5_000 };

/// Limit of tokens, by person (by client for tokens of `client_credentials` and `prm_chg`) and overall. A grant whose
/// tokens are refreshed has several.
const TOKENS: Limit = Limit { each: 2_000, all: 10_000 };

/// Authorization code with its grant.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
    /// Whether all tokens issued for the code are revoked.
    pub(crate) is_revoked: bool,
}

/// Access token that the provider stores, by its `jti`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct AccessToken {
    /// Code for which it was issued; `None` for a token of `client_credentials`.
    pub(crate) code: Option<String>,
    client: Mnemonic,
    is_revoked: bool,
}

/// Refresh token with its code.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct RefreshToken {
    /// Code for which the token was issued.
    pub(crate) code: String,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
    pub(crate) is_revoked: bool,
}

/// Session in which clients were issued tokens.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Visited {
    pub(crate) subject: Oid,
    pub(crate) clients: BTreeMap<Mnemonic, Visit>,
}

/// Issuer and redirect URI that a client used in a session.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Visit {
    /// Issuer URL under which the client requested its tokens.
    pub(crate) iss: String,
    pub(crate) redirect_uri: String,
}

/// Consents of the digital profile by person and client, each with its recorded consent.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
struct Permissions(#[serde(with = "worlds::pairs")] BTreeMap<(Oid, Mnemonic), Vec<(ConsentId, Permission)>>);

/// Pending requests, codes and tokens. A fork shares each kind with its parent until one of them changes it, so a kind
/// that the fork forgets is never copied.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Grants {
    requests: Shared<Expiring<AuthorizationRequest>>,
    codes: Shared<Expiring<Code>>,
    /// Codes by `code_challenge`, to tell a verifier of another sign-in from one that fits none.
    challenges: Shared<Expiring<String>>,
    access: Shared<Expiring<AccessToken>>,
    refreshes: Shared<Expiring<RefreshToken>>,
    /// Persons by the `urn:esia:sid` of tokens that were issued without a session (`prm_chg`).
    sids: Shared<Expiring<Oid>>,
    /// Used client assertions (RFC 7523), by client and `jti`.
    assertions: Shared<Expiring<()>>,
    /// Sessions in which clients were issued tokens, by `sid`.
    visited: Shared<Expiring<Visited>>,
    permissions: Shared<Permissions>,
    /// Clients that have been removed, with the second (since 1970) before which their access tokens are invalid.
    ended: Shared<BTreeMap<Mnemonic, i64>>,
}

/// Returns a storage key for a name that the client has chosen: `client name`.
fn of_client(client: &Mnemonic, name: &str) -> String {
    format!("{client} {name}")
}

impl Grants {
    /// Returns a pending request of this protocol; `None` for one of the other protocol.
    pub(crate) fn request(&self, protocol: Protocol, id: &str, now: DateTime<Utc>) -> Option<&AuthorizationRequest> {
        self.requests.get(id, now).filter(|request| request.protocol() == protocol)
    }

    /// Warns in the server's log if one more request of a client would displace an older one.
    pub(super) fn note_displaced(&self, client: &Mnemonic, now: DateTime<Utc>) {
        self.requests.note_displaced("authorization request", client.as_str(), PENDING, now);
    }

    /// Returns a code of this protocol, even if used or expired; `None` for one of the other protocol.
    pub(crate) fn code(&self, protocol: Protocol, code: &str) -> Option<&Code> {
        self.codes.remembered(code).filter(|code| code.grant.protocol() == protocol)
    }

    /// Returns a refresh token of this protocol with its code, even if used or expired.
    pub(crate) fn refresh(&self, protocol: Protocol, token: &str) -> Option<(&RefreshToken, &Code)> {
        let refresh = self.refreshes.remembered(token)?;
        Some((refresh, self.code(protocol, &refresh.code)?))
    }

    /// Returns the sign-in whose request had this `code_challenge`, if a code or a pending request has it.
    pub(super) fn with_challenge(&self, challenge: &str, now: DateTime<Utc>) -> Option<OtherSignIn> {
        let code = self.challenges.remembered(challenge).and_then(|code| self.codes.remembered(code));
        let of_code = code.map(|Code { grant, .. }| (&grant.client, &grant.state));
        let is_same = |request: &&AuthorizationRequest| request.challenge.as_deref() == Some(challenge);
        let waiting = || self.requests.iter(now).map(|(_, request)| request).find(is_same);
        let found = of_code.or_else(|| waiting().map(|request| (&request.client, &request.state)));
        found.map(|(client, state)| OtherSignIn { client: client.clone(), state: state.clone() })
    }

    /// Returns an access token that is not revoked, with the grant that it belongs to. A token of `client_credentials`
    /// has no grant.
    pub(crate) fn access(&self, jti: &str) -> Option<(&AccessToken, Option<&Grant>)> {
        let access = self.access.remembered(jti).filter(|access| !access.is_revoked)?;
        let Some(code) = &access.code else { return Some((access, None)) };
        let code = self.codes.remembered(code).filter(|code| !code.is_revoked)?;
        Some((access, Some(&code.grant)))
    }

    /// Checks whether this world has issued this `client_credentials` token to the client. Purpose and expiry are in
    /// the token.
    pub(crate) fn knows_client_token(&self, client: &Mnemonic, jti: &str) -> bool {
        self.access(jti).is_some_and(|(access, grant)| grant.is_none() && access.client == *client)
    }

    /// Returns the mistake for an access token that is not accepted: `token-revoked`, or `token-unknown` if it is not
    /// stored.
    pub(crate) fn fate(&self, jti: &str) -> &'static str {
        let is_remembered = self.access.remembered(jti).is_some();
        if is_remembered && self.access(jti).is_none() { "token-revoked" } else { "token-unknown" }
    }

    /// Checks whether a client has authenticated by this JWT before.
    pub(crate) fn is_assertion_used(&self, client: &Mnemonic, jti: &str) -> bool {
        self.assertions.remembered(&of_client(client, jti)).is_some()
    }

    /// Returns the session with the clients that were issued tokens in it.
    pub(crate) fn visited(&self, sid: &str) -> Option<&Visited> {
        self.visited.remembered(sid)
    }

    /// Returns the grant of a client in a session (`urn:esia:sid`) whose code expires last.
    pub(crate) fn of_session(&self, sid: &str, client: &Mnemonic, now: DateTime<Utc>) -> Option<&Grant> {
        let codes = self.codes.iter(now).map(|(_, code)| code);
        let own = codes.filter(|code| code.grant.sid == sid && code.grant.client == *client);
        own.max_by_key(|code| code.expires_at).map(|code| &code.grant)
    }

    /// Returns the `state` of some earlier sign-in to a client, one whose code is used.
    pub(crate) fn spent_state(&self, client: &Mnemonic, now: DateTime<Utc>) -> Option<String> {
        let used = self.codes.iter(now).map(|(_, code)| code).filter(|code| code.used_at.is_some());
        used.filter(|code| code.grant.client == *client).find_map(|code| code.grant.state.clone())
    }

    /// Returns an unused OpenID Connect code of a client that was issued for another person.
    pub(crate) fn other_code(&self, client: &Mnemonic, person: Option<Oid>, now: DateTime<Utc>) -> Option<String> {
        let is_other = |code: &Code| {
            let grant = &code.grant;
            grant.protocol() == Protocol::Oidc && grant.client == *client && Some(grant.subject) != person
        };
        let mut waiting = self.codes.iter(now).filter(|(_, code)| code.used_at.is_none() && now < code.expires_at);
        waiting.find(|(_, code)| is_other(code)).map(|(key, _)| key.to_owned())
    }

    /// Checks whether a token with this `urn:esia:sid` was issued for this person without a session (`prm_chg`).
    pub(crate) fn is_sid_of(&self, sid: &str, subject: Oid) -> bool {
        self.sids.remembered(sid) == Some(&subject)
    }

    /// Returns a person's consents of the digital profile to a client. The recorded consent may have ended.
    pub(super) fn permissions(&self, subject: Oid, client: &Mnemonic) -> &[(ConsentId, Permission)] {
        self.permissions.0.get(&(subject, client.clone())).map(Vec::as_slice).unwrap_or_default()
    }

    /// Checks whether the client was removed after its access token with this `nbf` was issued.
    pub(crate) fn has_ended(&self, client: &Mnemonic, not_before: i64) -> bool {
        self.ended.get(client).is_some_and(|since| not_before < *since)
    }

    /// Whether there are any credentials: pending requests, codes or tokens.
    pub(crate) fn has_credentials(&self) -> bool {
        let has_tokens = !(self.access.is_empty() && self.refreshes.is_empty() && self.sids.is_empty());
        has_tokens || !self.requests.is_empty() || !self.codes.is_empty()
    }

    /// Forgets requests, codes, tokens and the clients of sessions; see [`worlds::Domain::forget_credentials`].
    pub(crate) fn forget_credentials(&mut self) {
        let Self { assertions, permissions, ended, .. } = std::mem::take(self);
        *self = Self { assertions, permissions, ended, ..Self::default() };
    }

    /// Removes all requests, codes and tokens of a client that is being removed.
    pub(crate) fn end_client(&mut self, client: &Mnemonic, at: DateTime<Utc>) {
        self.requests.retain(|request| request.client != *client);
        self.codes.retain(|code| code.grant.client != *client);
        let codes = &self.codes;
        self.refreshes.retain(|refresh| codes.remembered(&refresh.code).is_some());
        self.access.retain(|access| access.client != *client);
        self.ended.insert(client.clone(), at.timestamp() + 1);
    }

    /// Accepts access tokens of this second again: the removed client has been registered again and is issued tokens.
    fn begin_anew(&mut self, client: &Mnemonic, at: DateTime<Utc>) {
        if let Some(since) = self.ended.get_mut(client) {
            *since = (*since).min(at.timestamp());
        }
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &GrantEvent) {
        match event {
            GrantEvent::AuthorizationRequested { request, pending } => {
                let term = Term { owner: pending.client.as_str(), ends_at: pending.expires_at };
                self.requests.insert_within((request.clone(), (**pending).clone()), term, PENDING, at);
            }
            GrantEvent::AuthorizationRefused { request, .. } => {
                self.requests.remove(request);
            }
            GrantEvent::Permitted { subject, client, permission, consent } => {
                let permitted = self.permissions.0.entry((*subject, client.clone())).or_default();
                permitted.retain(|(_, earlier)| !permission.covers(earlier));
                permitted.push((*consent, (**permission).clone()));
            }
            GrantEvent::CodeIssued { request, code, grant, expires_at } => {
                self.requests.remove(request);
                self.keep_code(code, grant, *expires_at, at);
            }
            GrantEvent::CodeRedeemed { code, client, tokens, .. } => {
                self.begin_anew(client, at);
                if let Some(code) = self.codes.get_mut(code) {
                    code.used_at = Some(at);
                }
                self.keep_tokens(code, tokens, at);
            }
            GrantEvent::Refreshed { used, client, tokens, .. } => {
                self.begin_anew(client, at);
                self.rotate(used, tokens, at);
            }
            GrantEvent::Replayed { code, .. } => self.revoke(code),
            GrantEvent::Revoked { token, .. } => self.give_back(token),
            GrantEvent::AssertionUsed { client, jti, expires_at } => {
                self.assertions.insert(of_client(client, jti), (), *expires_at, at);
            }
            GrantEvent::ClientTokenIssued { client, jti, expires_at, .. } => {
                let access = AccessToken { code: None, client: client.clone(), is_revoked: false };
                let term = Term { owner: client.as_str(), ends_at: *expires_at };
                self.access.insert_within((jti.clone(), access), term, TOKENS, at);
            }
            GrantEvent::ConsentTokenIssued { client, subject, sid, expires_at } => {
                self.begin_anew(client, at);
                let term = Term { owner: client.as_str(), ends_at: *expires_at + REMEMBERED_FOR };
                self.sids.insert_within((sid.clone(), *subject), term, TOKENS, at);
            }
            GrantEvent::LogoutNotified { .. } => {}
        }
    }

    fn keep_code(&mut self, code: &str, grant: &Grant, expires_at: DateTime<Utc>, at: DateTime<Utc>) {
        let owner = grant.subject.to_string();
        if let Some(challenge) = &grant.challenge {
            let term = Term { owner: &owner, ends_at: expires_at + REMEMBERED_FOR };
            self.challenges.insert_within((challenge.clone(), code.to_owned()), term, CODES, at);
        }
        let kept = Code { grant: grant.clone(), expires_at, used_at: None, is_revoked: false };
        let term = Term { owner: &owner, ends_at: grant.remembered_until(expires_at) };
        self.codes.insert_within((code.to_owned(), kept), term, CODES, at);
    }

    fn keep_tokens(&mut self, code: &str, tokens: &IssuedTokens, at: DateTime<Utc>) {
        let Some(Code { grant, .. }) = self.codes.remembered(code) else { return };
        let last = grant.refresh_until.unwrap_or(at).max(at);
        let owner = grant.subject.to_string();
        let term = |ends_at: DateTime<Utc>| Term { owner: &owner, ends_at };
        if let Some(token) = &tokens.refresh {
            let code = code.to_owned();
            let refresh = RefreshToken { code, expires_at: last, used_at: None, is_revoked: false };
            self.refreshes.insert_within((token.clone(), refresh), term(last + REMEMBERED_FOR), TOKENS, at);
        }
        let Some(issued) = &tokens.access else { return };
        let access = AccessToken { code: Some(code.to_owned()), client: grant.client.clone(), is_revoked: false };
        self.access.insert_within((issued.jti.clone(), access), term(issued.expires_at), TOKENS, at);
        let visit = Visit { iss: issued.iss.clone(), redirect_uri: grant.redirect_uri.as_str().to_owned() };
        let mut clients = self.visited.remove(&grant.sid).map(|visited| visited.clients).unwrap_or_default();
        clients.insert(grant.client.clone(), visit);
        let visited = Visited { subject: grant.subject, clients };
        self.visited.insert_within((grant.sid.clone(), visited), term(last), CODES, at);
    }

    /// Marks a refresh token as used and stores its successor; does nothing if the token was not replaced.
    fn rotate(&mut self, used: &str, tokens: &IssuedTokens, at: DateTime<Utc>) {
        let is_same = tokens.refresh.as_deref() == Some(used);
        let Some(refresh) = self.refreshes.get_mut(used).filter(|_| !is_same) else { return };
        refresh.used_at = Some(at);
        let code = refresh.code.clone();
        self.keep_tokens(&code, tokens, at);
    }

    fn revoke(&mut self, code: &str) {
        if let Some(code) = self.codes.get_mut(code) {
            code.is_revoked = true;
        }
    }

    fn give_back(&mut self, token: &TokenName) {
        match token {
            TokenName::Access(jti) => {
                if let Some(access) = self.access.get_mut(jti) {
                    access.is_revoked = true;
                }
            }
            // The access tokens of the same grant are revoked, too (RFC 7009 §2.1).
            TokenName::Refresh(token) => {
                let Some(refresh) = self.refreshes.get_mut(token) else { return };
                refresh.is_revoked = true;
                let code = refresh.code.clone();
                self.revoke(&code);
            }
        }
    }

    /// Number of stored entries, without consents and removed clients.
    #[cfg(test)]
    pub(crate) fn size(&self) -> usize {
        let tokens = self.access.len() + self.refreshes.len() + self.sids.len() + self.assertions.len();
        self.requests.len() + self.codes.len() + self.challenges.len() + tokens + self.visited.len()
    }
}
