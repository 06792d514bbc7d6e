//! Application of events to consents and consent requests.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{ConsentEvent, ConsentRequest, NewRequest, RequestId, RequestStatus, store::MAX_KEPT};
use crate::portal::{Deadline, Portal};

impl Portal {
    pub(crate) fn apply_consent(&mut self, at: DateTime<Utc>, event: &ConsentEvent) {
        self.consents.remember(at, event);
        let consents = &mut self.consents;
        match event {
            ConsentEvent::Requested { id, request } => {
                let NewRequest { subject, client, scopes, purpose, to, expires_at } = request.clone();
                consents.last_request = id.0;
                consents.open.entry(subject).or_default().insert(client.clone(), *id);
                consents.to.extend(to.iter().map(|person| (*person, *id)));
                let status = RequestStatus::Open { refused_by: BTreeSet::new() };
                let request = ConsentRequest { subject, client, scopes, purpose, to, asked_at: at, expires_at, status };
                consents.requests.insert(*id, request);
                self.agenda.insert((expires_at, Deadline::ConsentRequest(*id)));
            }
            ConsentEvent::Reached { request, to } => {
                consents.to.extend(to.iter().map(|person| (*person, *request)));
                if let Some(request) = consents.requests.get_mut(request) {
                    request.to.extend(to);
                }
            }
            ConsentEvent::RequestClosed { request, why } => self.settle(*request, RequestStatus::Closed { why: *why }),
            ConsentEvent::Granted { id, consent } => {
                consents.last_consent = consents.last_consent.max(id.0);
                consents.by_subject.insert((consent.subject, *id));
                consents.in_force.insert(*id, consent.clone());
                self.agenda.insert((consent.expires_at, Deadline::Consent(*id)));
                let open = self.consents.open_request_within(consent);
                if let Some(request) = open {
                    self.settle(request, RequestStatus::Granted { consent: *id, by: consent.given_by });
                }
            }
            ConsentEvent::Refused { request, by } => {
                if let Some(RequestStatus::Open { refused_by }) =
                    consents.requests.get_mut(request).map(|request| &mut request.status)
                {
                    refused_by.insert(*by);
                }
            }
            ConsentEvent::Revoked { consent, .. } | ConsentEvent::Lapsed { consent, .. } => {
                if let Some(ended) = consents.in_force.remove(consent) {
                    consents.by_subject.remove(&(ended.subject, *consent));
                    self.agenda.remove(&(ended.expires_at, Deadline::Consent(*consent)));
                }
            }
        }
    }

    /// Sets the final status of an open request. Above [`MAX_KEPT`] the oldest settled request is removed.
    fn settle(&mut self, id: RequestId, status: RequestStatus) {
        let Some(request) = self.consents.requests.get_mut(&id) else { return };
        request.status = status;
        self.agenda.remove(&(request.expires_at, Deadline::ConsentRequest(id)));
        let (subject, client) = (request.subject, request.client.clone());
        self.consents.forget_open(subject, &client, id);
        let settled = self.consents.settled.entry(subject).or_default();
        settled.push_back(id);
        if settled.len() > MAX_KEPT
            && let Some(oldest) = settled.pop_front()
            && let Some(request) = self.consents.requests.remove(&oldest)
        {
            for person in &request.to {
                self.consents.to.remove(&(*person, oldest));
            }
        }
    }
}
