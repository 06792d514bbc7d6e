//! Authorization requests, codes, refresh tokens: what is kept of them, and for how long.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid, Scopes};
use serde::{Deserialize, Serialize};
use worlds::{Expiring, Limit, Term};

use super::{filters::Filters, permissions::Permission};
use crate::{portal::consents::ConsentId, state::Gosuslugi};

/// `access_type`: whether a refresh token comes with the access token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccessType {
    /// Access token only.
    Online,
    /// Access and refresh token.
    Offline,
}

/// An authorization request that has passed its checks and waits for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Pending {
    /// Who asks.
    pub client: Mnemonic,
    /// Where the answer goes, as it came.
    pub redirect_uri: String,
    /// What is asked for.
    pub scopes: Scopes,
    /// Echoed in the answer.
    pub state: String,
    /// Whether a refresh token is asked for.
    pub access_type: AccessType,
    /// Until when the person may answer.
    pub expires_at: DateTime<Utc>,
    /// What else it says.
    #[serde(default)]
    pub extras: Extras,
}

/// What an authorization request may say besides.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct Extras {
    /// `scope_org`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scope_org: Option<Scopes>,
    /// `permissions`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub permissions: Vec<Permission>,
    /// Who may enter.
    pub filters: Filters,
    /// `code_challenge`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

impl Pending {
    /// `scope` and `scope_org` together.
    pub(crate) fn own_scopes(&self) -> Scopes {
        self.extras.scope_org.as_ref().map_or_else(|| self.scopes.clone(), |others| self.scopes.and(others))
    }

    /// The same with those of `permissions`.
    pub(crate) fn all_scopes(&self) -> Scopes {
        let names: BTreeSet<_> = self.extras.permissions.iter().flat_map(Permission::scope_names).collect();
        let permitted = names.into_iter().collect::<Vec<_>>().join(" ").parse::<Scopes>();
        permitted.map_or_else(|_| self.own_scopes(), |permitted| self.own_scopes().and(&permitted))
    }
}

/// What a code or a refresh token stands for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Grant {
    /// Whose data.
    pub subject: Oid,
    /// Which system gets them.
    pub client: Mnemonic,
    /// `urn:esia:sid` of the session in which it was given.
    pub sid: String,
    /// When that session began: `auth_time`.
    pub signed_in_at: DateTime<Utc>,
    /// `scope` of the authorization request; what is granted follows from the consents in force.
    pub asked: Scopes,
    /// All that it asked for, where that is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub all: Option<Scopes>,
    /// The organisation whose data it asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<Oid>,
    /// It asked for consents of the digital profile.
    #[serde(default)]
    pub has_permissions: bool,
    /// `redirect_uri` of the authorization request.
    pub redirect_uri: String,
    /// Whether a refresh token is due.
    pub access_type: AccessType,
    /// `state` of the authorization request.
    #[serde(default)]
    pub state: String,
    /// `code_challenge` of the authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub challenge: Option<String>,
}

impl Grant {
    /// All that the authorization request asked for.
    pub(crate) fn wanted(&self) -> &Scopes {
        self.all.as_ref().unwrap_or(&self.asked)
    }
}

/// A code that has been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    /// The scopes that stand in the code.
    pub(crate) granted: Scopes,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
}

/// A refresh token that has been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refresh {
    pub(crate) grant: Grant,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) used_at: Option<DateTime<Utc>>,
}

/// A new refresh token in an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewRefresh {
    /// The token, a UUID.
    pub token: String,
    /// Until when it works.
    pub expires_at: DateTime<Utc>,
}

/// What happens at the protocol's doors.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum OAuthEvent {
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
        /// ЕСИА's code of the answer.
        #[serde(default)]
        code: String,
    },
    /// A person consented to something of the digital profile.
    Permitted {
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
        /// What it is.
        permission: Box<Permission>,
        /// The consent that it lasts as long as.
        consent: ConsentId,
    },
    /// A code was issued; the request is used up.
    CodeIssued {
        /// The request.
        request: String,
        /// SHA-256 of the code's claims, hex.
        code: String,
        /// What it stands for.
        grant: Box<Grant>,
        /// The scopes that stand in the code.
        granted: Scopes,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A code was exchanged for tokens.
    CodeRedeemed {
        /// SHA-256 of the code's claims, hex.
        code: String,
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
        /// The refresh token that came along.
        refresh: Option<NewRefresh>,
    },
    /// A refresh token was exchanged for new tokens.
    Refreshed {
        /// The token that no longer works.
        used: String,
        /// Whose data.
        subject: Oid,
        /// Which system.
        client: Mnemonic,
        /// The token in its place.
        refresh: NewRefresh,
    },
    /// A system got a token of its own, to ask for a consent about a person.
    SystemTokenIssued {
        /// Which system.
        client: Mnemonic,
        /// About whom.
        subject: Oid,
        /// `jti` of the token; those of before it was written are no good any more.
        #[serde(default)]
        jti: String,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A system got a token of its own for the data of an organisation.
    OrganisationTokenIssued {
        /// Which system.
        client: Mnemonic,
        /// Which organisation; none in a token that is for no one's data.
        organisation: Option<Oid>,
        /// `scope` of the token.
        scope: String,
        /// `jti` of the token.
        #[serde(default)]
        jti: String,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
    /// A system got a token of a person who was not there, by a consent in force (`prm_chg`).
    ConsentTokenIssued {
        /// Which system.
        client: Mnemonic,
        /// Whose data.
        subject: Oid,
        /// `urn:esia:sid` of the token.
        sid: String,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
}

/// How long a thing is remembered after its end, so that the verdict of a late request can say what happened to it.
const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(1);

/// Requests that wait for a person, of one system and of all. Anybody can send one again that a system has signed: when
/// there are too many, the oldest of that system gives way.
pub(super) const PENDING: Limit = Limit { each: 2_000, all: 10_000 };

/// Something with an end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    Code(String),
    Refresh(String),
    System(String),
    Sid(String),
}

/// Requests under way, codes, refresh tokens.
#[derive(Debug, Clone, Default)]
pub(crate) struct OAuth {
    pending: Expiring<Pending>,
    codes: BTreeMap<String, Code>,
    refreshes: BTreeMap<String, Refresh>,
    /// Tokens of systems' own, by `jti`.
    systems: BTreeMap<String, Mnemonic>,
    sids: BTreeMap<String, Oid>,
    permissions: BTreeMap<(Oid, Mnemonic), Vec<(ConsentId, Permission)>>,
    /// Systems that were taken out once: their access tokens from before this second are no good (seconds since 1970).
    ended: BTreeMap<Mnemonic, i64>,
    /// What ends when: whatever ended long ago is forgotten as later events come, without looking at the rest.
    ends: BTreeSet<(DateTime<Utc>, Kept)>,
}

impl OAuth {
    /// A request that still waits for the person.
    pub(crate) fn pending(&self, request: &str, now: DateTime<Utc>) -> Option<&Pending> {
        self.pending.get(request, now)
    }

    /// Says in the server's log that an older request of a system gives way to one more.
    pub(super) fn note_displaced(&self, client: &Mnemonic, now: DateTime<Utc>) {
        self.pending.note_displaced("authorization request", client.as_str(), PENDING, now);
    }

    /// A code by the fingerprint of its claims, used or expired ones included.
    pub(crate) fn code(&self, fingerprint: &str) -> Option<&Code> {
        self.codes.get(fingerprint)
    }

    /// A refresh token, used or expired ones included.
    pub(crate) fn refresh_token(&self, token: &str) -> Option<&Refresh> {
        self.refreshes.get(token)
    }

    /// Whether this world has given a system this token of its own. What it is for and until when, the token itself says.
    pub(crate) fn knows_system_token(&self, client: &Mnemonic, jti: &str) -> bool {
        self.systems.get(jti) == Some(client)
    }

    /// Whether anything is kept that opens something by being known.
    pub(crate) fn has_credentials(&self) -> bool {
        !(self.ends.is_empty() && self.pending.is_empty())
    }

    /// Forgets requests, codes and tokens; see [`worlds::Domain::forget_credentials`].
    pub(crate) fn forget_credentials(&mut self) {
        let (permissions, ended) = (std::mem::take(&mut self.permissions), std::mem::take(&mut self.ended));
        *self = Self { permissions, ended, ..Self::default() };
    }

    /// Whether a token with this `urn:esia:sid` was given about this person without a session (`prm_chg`).
    pub(crate) fn is_sid_of(&self, sid: &str, subject: Oid) -> bool {
        self.sids.get(sid) == Some(&subject)
    }

    /// A code by its `code_challenge`.
    pub(crate) fn code_with_challenge(&self, challenge: &str) -> Option<&Code> {
        self.codes.values().find(|code| code.grant.challenge.as_deref() == Some(challenge))
    }

    /// The system and the `state` of a request that still waits, by its `code_challenge`.
    pub(crate) fn pending_with_challenge(&self, challenge: &str, now: DateTime<Utc>) -> Option<(Mnemonic, String)> {
        let mut waiting = self.pending.iter(now).map(|(_, pending)| pending);
        let found = waiting.find(|pending| pending.extras.challenge.as_deref() == Some(challenge))?;
        Some((found.client.clone(), found.state.clone()))
    }

    /// What a person has consented to of the digital profile, each with its consent, which may have ended.
    pub(crate) fn permissions(&self, subject: Oid, client: &Mnemonic) -> &[(ConsentId, Permission)] {
        self.permissions.get(&(subject, client.clone())).map(Vec::as_slice).unwrap_or_default()
    }

    /// Whether a system's access token is from before the system was taken out.
    pub(crate) fn has_ended(&self, client: &Mnemonic, not_before: i64) -> bool {
        self.ended.get(client).is_some_and(|since| not_before < *since)
    }

    /// Ends all requests, codes and tokens of a system.
    pub(crate) fn end_client(&mut self, client: &Mnemonic, at: DateTime<Utc>) {
        self.pending.retain(|pending| pending.client != *client);
        self.codes.retain(|_, code| code.grant.client != *client);
        self.refreshes.retain(|_, refresh| refresh.grant.client != *client);
        self.systems.retain(|_, system| system != client);
        let (codes, refreshes, systems) = (&self.codes, &self.refreshes, &self.systems);
        self.ends.retain(|(_, kept)| match kept {
            Kept::Code(code) => codes.contains_key(code),
            Kept::Refresh(token) => refreshes.contains_key(token),
            Kept::System(jti) => systems.contains_key(jti),
            Kept::Sid(_) => true,
        });
        self.ended.insert(client.clone(), at.timestamp() + 1);
    }

    /// A system that was taken out is back and gets tokens: those of this second are good.
    fn begin_anew(&mut self, client: &Mnemonic, at: DateTime<Utc>) {
        if let Some(since) = self.ended.get_mut(client) {
            *since = (*since).min(at.timestamp());
        }
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &OAuthEvent) {
        self.forget(at);
        match event {
            OAuthEvent::CodeRedeemed { client, .. }
            | OAuthEvent::Refreshed { client, .. }
            | OAuthEvent::ConsentTokenIssued { client, .. } => self.begin_anew(client, at),
            _ => {}
        }
        match event {
            OAuthEvent::AuthorizationRequested { request, pending } => {
                let term = Term { owner: pending.client.as_str(), ends_at: pending.expires_at };
                self.pending.insert_within((request.clone(), (**pending).clone()), term, PENDING, at);
            }
            OAuthEvent::AuthorizationRefused { request, .. } => {
                self.pending.remove(request);
            }
            OAuthEvent::CodeIssued { request, code, grant, granted, expires_at } => {
                self.pending.remove(request);
                self.ends.insert((*expires_at, Kept::Code(code.clone())));
                let (grant, granted, expires_at) = ((**grant).clone(), granted.clone(), *expires_at);
                self.codes.insert(code.clone(), Code { grant, granted, expires_at, used_at: None });
            }
            OAuthEvent::CodeRedeemed { code, refresh, .. } => {
                let Some(code) = self.codes.get_mut(code) else { return };
                code.used_at = Some(at);
                if let Some(refresh) = refresh {
                    let grant = code.grant.clone();
                    self.keep_refresh(refresh, grant);
                }
            }
            OAuthEvent::Refreshed { used, refresh, .. } => {
                let is_same = *used == refresh.token;
                let Some(used) = self.refreshes.get_mut(used).filter(|_| !is_same) else { return };
                used.used_at = Some(at);
                let grant = used.grant.clone();
                self.keep_refresh(refresh, grant);
            }
            OAuthEvent::Permitted { subject, client, permission, consent } => {
                let permitted = self.permissions.entry((*subject, client.clone())).or_default();
                permitted.retain(|(_, earlier)| !permission.covers(earlier));
                permitted.push((*consent, (**permission).clone()));
            }
            OAuthEvent::SystemTokenIssued { client, jti, expires_at, .. }
            | OAuthEvent::OrganisationTokenIssued { client, jti, expires_at, .. } => {
                self.ends.insert((*expires_at, Kept::System(jti.clone())));
                self.systems.insert(jti.clone(), client.clone());
            }
            OAuthEvent::ConsentTokenIssued { subject, sid, expires_at, .. } => {
                self.ends.insert((*expires_at, Kept::Sid(sid.clone())));
                self.sids.insert(sid.clone(), *subject);
            }
        }
    }

    fn keep_refresh(&mut self, refresh: &NewRefresh, grant: Grant) {
        self.ends.insert((refresh.expires_at, Kept::Refresh(refresh.token.clone())));
        let kept = Refresh { grant, expires_at: refresh.expires_at, used_at: None };
        self.refreshes.insert(refresh.token.clone(), kept);
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        while self.ends.first().is_some_and(|(at, _)| *at + REMEMBERED_FOR < now) {
            let Some((_, kept)) = self.ends.pop_first() else { return };
            match kept {
                Kept::Code(code) => drop(self.codes.remove(&code)),
                Kept::Refresh(token) => drop(self.refreshes.remove(&token)),
                Kept::System(jti) => drop(self.systems.remove(&jti)),
                Kept::Sid(sid) => drop(self.sids.remove(&sid)),
            }
        }
    }

    /// How many things are kept.
    #[cfg(test)]
    pub(crate) fn size(&self) -> usize {
        let tokens = self.systems.len() + self.sids.len();
        self.pending.len() + self.codes.len() + self.refreshes.len() + tokens
    }
}

impl OAuthEvent {
    /// The timeline's sentence.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        match self {
            Self::AuthorizationRequested { pending, .. } => {
                format!("Система {} просит войти через Госуслуги: {}", pending.client, pending.scopes)
            }
            Self::AuthorizationRefused { subject, client, code, .. } => {
                let code = if code.is_empty() { String::new() } else { format!(" ({code})") };
                format!("{}: системе {client} отказано в доступе{code}", state.portal.name_of(*subject))
            }
            Self::Permitted { subject, client, permission, .. } => {
                let (name, kind) = (state.portal.name_of(*subject), &permission.sysname);
                format!("{name}: дано согласие «{kind}» цифрового профиля системе {client}")
            }
            Self::CodeIssued { grant, granted, .. } => {
                format!(
                    "{}: системе {} выдан код авторизации: {granted}",
                    state.portal.name_of(grant.subject),
                    grant.client
                )
            }
            Self::CodeRedeemed { subject, client, .. } => {
                format!("{}: система {client} обменяла код на маркеры", state.portal.name_of(*subject))
            }
            Self::Refreshed { subject, client, .. } => {
                format!("{}: система {client} обновила маркеры", state.portal.name_of(*subject))
            }
            Self::SystemTokenIssued { client, subject, .. } => {
                format!(
                    "{}: система {client} получила маркер, чтобы запросить согласие",
                    state.portal.name_of(*subject)
                )
            }
            Self::OrganisationTokenIssued { client, scope, .. } => {
                format!("Система {client} получила собственный маркер: {scope}")
            }
            Self::ConsentTokenIssued { subject, client, .. } => {
                format!("{}: система {client} получила маркер по действующему согласию", state.portal.name_of(*subject))
            }
        }
    }
}
