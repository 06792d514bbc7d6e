//! Stored consents: those in force, the requests, and the history.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{DateTime, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{Consent, ConsentEvent, ConsentId, ConsentRequest, Line, NewRequest, RequestId, What};

/// Consents of a world: those in force, the requests, and the history.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Consents {
    pub(super) in_force: BTreeMap<ConsentId, Consent>,
    pub(super) by_subject: BTreeSet<(Oid, ConsentId)>,
    pub(super) requests: BTreeMap<RequestId, ConsentRequest>,
    pub(super) open: BTreeMap<Oid, BTreeMap<Mnemonic, RequestId>>,
    pub(super) to: BTreeSet<(Oid, RequestId)>,
    /// Settled and closed requests about a person, oldest first.
    pub(super) settled: BTreeMap<Oid, VecDeque<RequestId>>,
    history: BTreeMap<Oid, VecDeque<Line>>,
    pub(super) last_consent: u64,
    pub(super) last_request: u64,
}

impl Consents {
    /// Returns the consents in force about a person, oldest first.
    pub(crate) fn of(&self, subject: Oid) -> impl Iterator<Item = (ConsentId, &Consent)> {
        let range = (subject, ConsentId(0))..=(subject, ConsentId(u64::MAX));
        self.by_subject.range(range).filter_map(|(_, id)| self.in_force.get(id).map(|consent| (*id, consent)))
    }

    /// Returns all scopes that the consents in force about a person give to a client.
    pub(crate) fn scopes(&self, subject: Oid, client: &Mnemonic) -> BTreeSet<&str> {
        let theirs = self.of(subject).filter(|(_, consent)| consent.client == *client);
        theirs.flat_map(|(_, consent)| consent.scopes.iter().map(String::as_str)).collect()
    }

    /// Returns a consent that is in force.
    pub(crate) fn get(&self, id: ConsentId) -> Option<&Consent> {
        self.in_force.get(&id)
    }

    pub(crate) fn request(&self, id: RequestId) -> Option<&ConsentRequest> {
        self.requests.get(&id)
    }

    /// Returns the requests made to a person, newest first, including settled and closed ones that are kept.
    pub(crate) fn requests_to(&self, person: Oid) -> impl Iterator<Item = (RequestId, &ConsentRequest)> {
        let range = (person, RequestId(0))..=(person, RequestId(u64::MAX));
        self.to.range(range).rev().filter_map(|(_, id)| self.requests.get(id).map(|request| (*id, request)))
    }

    pub(crate) fn next_consent(&self) -> ConsentId {
        ConsentId(self.last_consent + 1)
    }

    /// Returns the open request of a client about a person, if it asks for at least `scopes`.
    pub(super) fn open_request(
        &self,
        subject: Oid,
        client: &Mnemonic,
        scopes: &BTreeSet<String>,
    ) -> Option<(RequestId, &ConsentRequest)> {
        let id = self.open.get(&subject)?.get(client)?;
        let request = self.requests.get(id).filter(|request| scopes.is_subset(&request.scopes))?;
        Some((*id, request))
    }

    /// Removes the history of a deleted account.
    pub(crate) fn forget(&mut self, subject: Oid) {
        self.history.remove(&subject);
    }

    /// Returns the history of consents and requests about a person, newest first; the newest [`MAX_KEPT`] entries are
    /// kept.
    pub(crate) fn history(&self, subject: Oid) -> impl Iterator<Item = &Line> {
        self.history.get(&subject).into_iter().flatten().rev()
    }
}

/// Maximum number of history entries, and of settled requests, kept for a person.
pub(crate) const MAX_KEPT: usize = 100;

impl Consents {
    /// Returns the open request that a consent settles: of the same client and person, with no scope beyond the
    /// consent.
    pub(super) fn open_request_within(&self, consent: &Consent) -> Option<RequestId> {
        let id = self.open.get(&consent.subject)?.get(&consent.client)?;
        self.requests.get(id).filter(|request| request.scopes.is_subset(&consent.scopes)).map(|_| *id)
    }

    pub(super) fn forget_open(&mut self, subject: Oid, client: &Mnemonic, id: RequestId) {
        let Some(open) = self.open.get_mut(&subject) else { return };
        if open.get(client) == Some(&id) {
            open.remove(client);
        }
        if open.is_empty() {
            self.open.remove(&subject);
        }
    }

    /// Adds an event to the history. Called before the event is applied, while the consent that it ends is still
    /// stored.
    pub(super) fn remember(&mut self, at: DateTime<Utc>, event: &ConsentEvent) {
        let Some((subject, line)) = self.line(at, event) else { return };
        let lines = self.history.entry(subject).or_default();
        lines.push_back(line);
        if lines.len() > MAX_KEPT {
            lines.pop_front();
        }
    }

    fn line(&self, at: DateTime<Utc>, event: &ConsentEvent) -> Option<(Oid, Line)> {
        let (what, by) = match event {
            ConsentEvent::Requested { .. } => (What::Requested, None),
            ConsentEvent::Reached { .. } => return None,
            ConsentEvent::RequestClosed { why, .. } => (What::Closed(*why), None),
            ConsentEvent::Granted { consent, .. } => (What::Granted, Some(consent.given_by)),
            ConsentEvent::Refused { by, .. } => (What::Refused, Some(*by)),
            ConsentEvent::Revoked { by, .. } => (What::Revoked, Some(*by)),
            ConsentEvent::Lapsed { why, .. } => (What::Ended(*why), None),
        };
        let of_request = |request: &ConsentRequest| {
            let ConsentRequest { subject, client, scopes, purpose, expires_at, .. } = request.clone();
            (subject, client, scopes, purpose, expires_at)
        };
        let of_consent = |consent: &Consent| {
            let Consent { subject, client, scopes, purpose, expires_at, .. } = consent.clone();
            (subject, client, scopes, purpose, expires_at)
        };
        let (subject, client, scopes, purpose, expires_at) = match event {
            ConsentEvent::Requested { request, .. } => {
                let NewRequest { subject, client, scopes, purpose, expires_at, .. } = request.clone();
                (subject, client, scopes, purpose, expires_at)
            }
            ConsentEvent::Granted { consent, .. } => of_consent(consent),
            ConsentEvent::Reached { request, .. }
            | ConsentEvent::RequestClosed { request, .. }
            | ConsentEvent::Refused { request, .. } => of_request(self.request(*request)?),
            ConsentEvent::Revoked { consent, .. } | ConsentEvent::Lapsed { consent, .. } => {
                of_consent(self.get(*consent)?)
            }
        };
        Some((subject, Line { at, what, by, client, scopes, purpose, expires_at }))
    }
}
