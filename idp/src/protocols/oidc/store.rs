//! What a world remembers of this door.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use worlds::{Expiring, Limit, Term};

use super::model::{Grant, Issued, OidcEvent, Pending, TokenName};
use crate::slips::token::Kind;

/// How long a thing is remembered after its end, so that the verdict of a late request can say what happened to it.
const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(1);

/// Requests that wait for a person, of one system and of all. Anybody can make them: when there are too many, the oldest of
/// that system gives way.
pub(super) const PENDING: Limit = Limit { each: 2_000, all: 10_000 };

/// A code with everything that came from it.
#[derive(Debug, Clone)]
pub(super) struct Family {
    pub(super) grant: Grant,
    /// Until when the code works.
    pub(super) expires_at: DateTime<Utc>,
    pub(super) is_redeemed: bool,
    pub(super) is_revoked: bool,
}

/// An access token.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// Its code; a system's own token has none.
    pub(super) code: Option<String>,
    /// Whose it is.
    client: Mnemonic,
    pub(super) is_revoked: bool,
}

/// A refresh token.
#[derive(Debug, Clone)]
pub(super) struct Refresh {
    pub(super) code: String,
    pub(super) expires_at: DateTime<Utc>,
    pub(super) is_used: bool,
    pub(super) is_revoked: bool,
}

/// Systems that got tokens in a session.
pub(super) type Visited = BTreeMap<Mnemonic, Visit>;

/// How a system got tokens in a session.
#[derive(Debug, Clone)]
pub(super) struct Visit {
    /// The issuer that it knows.
    pub(super) iss: String,
    pub(super) redirect_uri: String,
}

/// Requests under way, codes, tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct Oidc {
    pub(super) pending: Expiring<Pending>,
    families: Expiring<Family>,
    /// Codes by the challenge they were asked for with: a verifier that fits another code is told from one that fits none.
    challenges: Expiring<String>,
    access: Expiring<Access>,
    refreshes: Expiring<Refresh>,
    assertions: Expiring<()>,
    visited: Expiring<(Oid, Visited)>,
}

/// A key made of a system and a name that it has chosen.
fn of_client(client: &Mnemonic, name: &str) -> String {
    format!("{client} {name}")
}

impl Oidc {
    /// A request that still waits for the person.
    pub(super) fn pending(&self, request: &str, now: DateTime<Utc>) -> Option<&Pending> {
        self.pending.get(request, now)
    }

    /// Says in the server's log that an older request of a system gives way to one more.
    pub(super) fn note_displaced(&self, client: &Mnemonic, now: DateTime<Utc>) {
        self.pending.note_displaced("authorization request", client.as_str(), PENDING, now);
    }

    /// A code, used or expired ones included.
    pub(super) fn family(&self, code: &str) -> Option<&Family> {
        self.families.remembered(code)
    }

    /// Which kind of code or token an opaque value is.
    pub(crate) fn knows_of(&self, text: &str) -> Option<Kind> {
        let code = self.family(text).map(|_| Kind::OpenIdCode);
        code.or_else(|| self.refresh(text).map(|_| Kind::OpenIdRefresh))
    }

    /// The code that was asked for with a challenge.
    pub(super) fn with_challenge(&self, challenge: &str) -> Option<&str> {
        self.challenges.remembered(challenge).map(String::as_str)
    }

    /// A request that still waits and has a challenge.
    pub(super) fn waiting_with_challenge(&self, challenge: &str, now: DateTime<Utc>) -> Option<&str> {
        let mut waiting = self.pending.iter(now);
        waiting.find(|(_, pending)| pending.challenge.as_deref() == Some(challenge)).map(|(request, _)| request)
    }

    /// A refresh token, used or expired ones included.
    pub(super) fn refresh(&self, token: &str) -> Option<&Refresh> {
        self.refreshes.remembered(token)
    }

    /// An access token of this world that nobody has revoked, and the grant that it comes from.
    pub(super) fn access(&self, jti: &str) -> Option<(&Access, Option<&Grant>)> {
        let access = self.access.remembered(jti).filter(|access| !access.is_revoked)?;
        let family = access.code.as_deref().and_then(|code| self.family(code));
        match (&access.code, family) {
            (None, _) => Some((access, None)),
            (Some(_), Some(family)) if !family.is_revoked => Some((access, Some(&family.grant))),
            _ => None,
        }
    }

    /// Why an access token opens nothing any more, as far as this world remembers it.
    pub(super) fn fate(&self, jti: &str) -> &'static str {
        let Some(access) = self.access.remembered(jti) else { return "token-unknown" };
        let family = access.code.as_deref().and_then(|code| self.family(code));
        if access.is_revoked || family.is_some_and(|family| family.is_revoked) {
            "token-revoked"
        } else {
            "token-unknown"
        }
    }

    /// Whether a client has proved who it is by this JWT before.
    pub(super) fn is_assertion_used(&self, client: &Mnemonic, jti: &str) -> bool {
        self.assertions.remembered(&of_client(client, jti)).is_some()
    }

    /// Who got tokens in a session.
    pub(super) fn visited(&self, sid: &str) -> Option<&(Oid, Visited)> {
        self.visited.remembered(sid)
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &OidcEvent) {
        match event {
            OidcEvent::AuthorizationRequested { request, pending } => {
                let term = Term { owner: pending.client.as_str(), ends_at: pending.expires_at };
                self.pending.insert_within((request.clone(), (**pending).clone()), term, PENDING, at);
            }
            OidcEvent::AuthorizationRefused { request, .. } => {
                self.pending.remove(request);
            }
            OidcEvent::CodeIssued { request, code, grant, expires_at } => {
                self.pending.remove(request);
                let (grant, expires_at) = ((**grant).clone(), *expires_at);
                // The access token that came with its last refresh token ends later than that.
                let ends_at = grant.refresh_until.max(at) + TimeDelta::days(1);
                if let Some(challenge) = &grant.challenge {
                    self.challenges.insert(challenge.clone(), code.clone(), expires_at + REMEMBERED_FOR, at);
                }
                let family = Family { grant, expires_at, is_redeemed: false, is_revoked: false };
                self.families.insert(code.clone(), family, ends_at, at);
            }
            OidcEvent::CodeRedeemed { code, tokens, .. } => {
                if let Some(family) = self.families.get_mut(code) {
                    family.is_redeemed = true;
                }
                self.keep(code, tokens, at);
            }
            OidcEvent::CodeReplayed { code, .. } => self.revoke(code),
            OidcEvent::Refreshed { used, tokens, .. } => {
                let Some(used) = self.refreshes.get_mut(used) else { return };
                used.is_used = true;
                let code = used.code.clone();
                self.keep(&code, tokens, at);
            }
            OidcEvent::RefreshReplayed { token, .. } => {
                if let Some(code) = self.refresh(token).map(|refresh| refresh.code.clone()) {
                    self.revoke(&code);
                }
            }
            OidcEvent::Revoked { token, .. } => self.give_back(token),
            OidcEvent::AssertionUsed { client, jti, expires_at } => {
                self.assertions.insert(of_client(client, jti), (), *expires_at, at);
            }
            OidcEvent::SystemTokenIssued { client, jti, expires_at } => {
                let access = Access { code: None, client: client.clone(), is_revoked: false };
                self.access.insert(jti.clone(), access, *expires_at, at);
            }
            OidcEvent::LogoutTold { .. } => {}
        }
    }

    /// Whether anything is kept that opens something by being known.
    pub(crate) fn has_credentials(&self) -> bool {
        let codes = [self.families.is_empty(), self.access.is_empty(), self.refreshes.is_empty()];
        !(self.pending.is_empty() && codes == [true; 3])
    }

    /// Forgets requests, codes and tokens, and who got them; see [`worlds::Domain::forget_credentials`].
    pub(crate) fn forget_credentials(&mut self) {
        *self = Self { assertions: std::mem::take(&mut self.assertions), ..Self::default() };
    }

    fn keep(&mut self, code: &str, tokens: &Issued, at: DateTime<Utc>) {
        let Some(grant) = self.family(code).map(|family| family.grant.clone()) else { return };
        let access = Access { code: Some(code.to_owned()), client: grant.client.clone(), is_revoked: false };
        self.access.insert(tokens.access.clone(), access, tokens.expires_at, at);
        let expires_at = grant.refresh_until;
        if let Some(token) = &tokens.refresh {
            let refresh = Refresh { code: code.to_owned(), expires_at, is_used: false, is_revoked: false };
            self.refreshes.insert(token.clone(), refresh, expires_at + REMEMBERED_FOR, at);
        }
        let mut visited = self.visited.remove(&grant.sid).map(|(_, visited)| visited).unwrap_or_default();
        visited.insert(grant.client, Visit { iss: tokens.iss.clone(), redirect_uri: grant.redirect_uri });
        self.visited.insert(grant.sid, (grant.subject, visited), expires_at.max(at), at);
    }

    /// Ends all requests, codes and tokens of a system.
    pub(crate) fn end_client(&mut self, client: &Mnemonic) {
        self.pending.retain(|pending| pending.client != *client);
        self.families.retain(|family| family.grant.client != *client);
        let families = &self.families;
        self.refreshes.retain(|refresh| families.remembered(&refresh.code).is_some());
        self.access.retain(|access| access.client != *client);
    }

    fn revoke(&mut self, code: &str) {
        if let Some(family) = self.families.get_mut(code) {
            family.is_revoked = true;
        }
    }

    fn give_back(&mut self, token: &TokenName) {
        match token {
            TokenName::Access { jti } => {
                if let Some(access) = self.access.get_mut(jti) {
                    access.is_revoked = true;
                }
            }
            // The access tokens of the same grant go with it (RFC 7009 §2.1).
            TokenName::Refresh { token } => {
                let Some(refresh) = self.refreshes.get_mut(token) else { return };
                refresh.is_revoked = true;
                let code = refresh.code.clone();
                self.revoke(&code);
            }
        }
    }

    /// How many things are kept.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.pending.len()
            + self.families.len()
            + self.challenges.len()
            + self.access.len()
            + self.refreshes.len()
            + self.assertions.len()
            + self.visited.len()
    }
}
