//! Authorization requests, codes, refresh tokens: what is kept of them, and for how long.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid, Scopes};
use serde::{Deserialize, Serialize};

use crate::state::Gosuslugi;

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
    /// What the authorization request asked for; what is granted follows from the consents in force.
    pub asked: Scopes,
    /// `redirect_uri` of the authorization request.
    pub redirect_uri: String,
    /// Whether a refresh token is due.
    pub access_type: AccessType,
}

/// A code that has been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) grant: Grant,
    /// The scopes that stand in the code.
    pub(crate) granted: Scopes,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) is_used: bool,
}

/// A refresh token that has been issued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refresh {
    pub(crate) grant: Grant,
    pub(crate) expires_at: DateTime<Utc>,
    pub(crate) is_used: bool,
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
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
}

/// How long a thing is remembered after its end, so that the verdict of a late request can say what happened to it.
const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(1);

/// Something with an end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Kept {
    Request(String),
    Code(String),
    Refresh(String),
    System(Mnemonic, Oid),
}

/// Requests under way, codes, refresh tokens.
#[derive(Debug, Clone, Default)]
pub struct OAuth {
    pending: BTreeMap<String, Pending>,
    codes: BTreeMap<String, Code>,
    refreshes: BTreeMap<String, Refresh>,
    systems: BTreeMap<(Mnemonic, Oid), DateTime<Utc>>,
    /// What ends when: whatever ended long ago is forgotten as later events come, without looking at the rest.
    ends: BTreeSet<(DateTime<Utc>, Kept)>,
}

impl OAuth {
    /// A request that still waits for the person.
    pub(crate) fn pending(&self, request: &str, now: DateTime<Utc>) -> Option<&Pending> {
        self.pending.get(request).filter(|pending| now < pending.expires_at)
    }

    /// A code by the fingerprint of its claims, used or expired ones included.
    pub(crate) fn code(&self, fingerprint: &str) -> Option<&Code> {
        self.codes.get(fingerprint)
    }

    /// A refresh token, used or expired ones included.
    pub(crate) fn refresh_token(&self, token: &str) -> Option<&Refresh> {
        self.refreshes.get(token)
    }

    /// Whether this world has given a system a token to ask for a consent about a person.
    pub(crate) fn knows_system_token(&self, client: &Mnemonic, subject: Oid, now: DateTime<Utc>) -> bool {
        self.systems.get(&(client.clone(), subject)).is_some_and(|expires_at| now < *expires_at)
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &OAuthEvent) {
        self.forget(at);
        match event {
            OAuthEvent::AuthorizationRequested { request, pending } => {
                self.ends.insert((pending.expires_at, Kept::Request(request.clone())));
                self.pending.insert(request.clone(), (**pending).clone());
            }
            OAuthEvent::AuthorizationRefused { request, .. } => {
                self.pending.remove(request);
            }
            OAuthEvent::CodeIssued { request, code, grant, granted, expires_at } => {
                self.pending.remove(request);
                self.ends.insert((*expires_at, Kept::Code(code.clone())));
                let (grant, granted, expires_at) = ((**grant).clone(), granted.clone(), *expires_at);
                self.codes.insert(code.clone(), Code { grant, granted, expires_at, is_used: false });
            }
            OAuthEvent::CodeRedeemed { code, refresh, .. } => {
                let Some(code) = self.codes.get_mut(code) else { return };
                code.is_used = true;
                if let Some(refresh) = refresh {
                    let grant = code.grant.clone();
                    self.keep_refresh(refresh, grant);
                }
            }
            OAuthEvent::Refreshed { used, refresh, .. } => {
                let Some(used) = self.refreshes.get_mut(used) else { return };
                used.is_used = true;
                let grant = used.grant.clone();
                self.keep_refresh(refresh, grant);
            }
            OAuthEvent::SystemTokenIssued { client, subject, expires_at } => {
                let key = (client.clone(), *subject);
                if let Some(earlier) = self.systems.insert(key, *expires_at) {
                    self.ends.remove(&(earlier, Kept::System(client.clone(), *subject)));
                }
                self.ends.insert((*expires_at, Kept::System(client.clone(), *subject)));
            }
        }
    }

    fn keep_refresh(&mut self, refresh: &NewRefresh, grant: Grant) {
        self.ends.insert((refresh.expires_at, Kept::Refresh(refresh.token.clone())));
        let kept = Refresh { grant, expires_at: refresh.expires_at, is_used: false };
        self.refreshes.insert(refresh.token.clone(), kept);
    }

    fn forget(&mut self, now: DateTime<Utc>) {
        while self.ends.first().is_some_and(|(at, _)| *at + REMEMBERED_FOR < now) {
            let Some((_, kept)) = self.ends.pop_first() else { return };
            match kept {
                Kept::Request(id) => drop(self.pending.remove(&id)),
                Kept::Code(code) => drop(self.codes.remove(&code)),
                Kept::Refresh(token) => drop(self.refreshes.remove(&token)),
                Kept::System(client, subject) => drop(self.systems.remove(&(client, subject))),
            }
        }
    }

    /// How many things are kept.
    #[cfg(test)]
    pub(crate) fn size(&self) -> usize {
        self.pending.len() + self.codes.len() + self.refreshes.len() + self.systems.len()
    }
}

impl OAuthEvent {
    /// The timeline's sentence.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        match self {
            Self::AuthorizationRequested { pending, .. } => {
                format!("Система {} просит войти через Госуслуги: {}", pending.client, pending.scopes)
            }
            Self::AuthorizationRefused { subject, client, .. } => {
                format!("{}: системе {client} отказано в доступе", state.name_of(*subject))
            }
            Self::CodeIssued { grant, granted, .. } => {
                format!("{}: системе {} выдан код авторизации: {granted}", state.name_of(grant.subject), grant.client)
            }
            Self::CodeRedeemed { subject, client, .. } => {
                format!("{}: система {client} обменяла код на маркеры", state.name_of(*subject))
            }
            Self::Refreshed { subject, client, .. } => {
                format!("{}: система {client} обновила маркеры", state.name_of(*subject))
            }
            Self::SystemTokenIssued { client, subject, .. } => {
                format!("{}: система {client} получила маркер, чтобы запросить согласие", state.name_of(*subject))
            }
        }
    }
}
