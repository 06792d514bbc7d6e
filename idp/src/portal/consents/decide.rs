//! Decisions on consents: request, grant, refuse, revoke (R000.11–R000.13, R001.3, R001.6, R002.8, R002.10).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{Mnemonic, Oid};

use super::{
    Consent, ConsentError, ConsentEvent, ConsentId, ConsentRequest, ConsentResponse, Ending, MAX_DAYS, NewRequest,
    RequestId, RequestStatus, model::SCHOOL_PURPOSE,
};
use crate::{
    clients::{Client, Clients},
    event::Event,
    portal::{Portal, accounts::Account, notices::NoticeEvent},
};

/// Consent that a guardian gives before a client requests it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Beforehand<'a> {
    pub(crate) guardian: Oid,
    pub(crate) child: Oid,
    /// Client that receives the child's data.
    pub(crate) client: &'a Mnemonic,
    /// Term of the consent, days; `None` for the default term of the world.
    pub(crate) days: Option<u32>,
}

/// Scopes and purpose of a consent that a client requests.
pub(crate) struct Wanted<'a> {
    /// Bare names of the scopes.
    pub(crate) scopes: BTreeSet<String>,
    /// Purpose, as the client states it.
    pub(crate) purpose: &'a str,
}

/// Giver of a consent, with its start and expiry.
struct Given {
    by: Oid,
    at: DateTime<Utc>,
    expires_at: DateTime<Utc>,
}

impl Portal {
    /// Requests a consent on behalf of a client: from the person if of age, else from the bound guardians. A repeated
    /// request creates no second one, but reaches guardians who were bound since.
    ///
    /// # Errors
    /// [`ConsentError::NoSubject`] for an unknown person; [`ConsentError::Scope`] for a scope that the client may not
    /// have.
    pub(crate) fn ask_consent(
        &self,
        client: &Client,
        subject: Oid,
        Wanted { scopes, purpose }: Wanted<'_>,
        now: DateTime<Utc>,
    ) -> Result<(Vec<Event>, ConsentResponse), ConsentError> {
        let today = worlds::moscow::date(now);
        let account = self.accounts.get(subject).ok_or(ConsentError::NoSubject)?;
        if let Some(scope) = scopes.iter().find(|scope| !client.spec.scopes.contains(scope)) {
            return Err(ConsentError::Scope(scope.clone()));
        }
        let mnemonic = &client.spec.mnemonic;
        let given = self.consents.scopes(subject, mnemonic);
        if scopes.iter().all(|scope| given.contains(scope.as_str())) {
            return Ok((Vec::new(), ConsentResponse::GRANTED));
        }
        let to: BTreeSet<Oid> =
            if account.is_minor(today) { self.bindings.guardians_of(subject).collect() } else { [subject].into() };
        if to.is_empty() {
            return Ok((Vec::new(), ConsentResponse::NO_GUARDIAN));
        }
        let response = ConsentResponse::requested(to.len());
        if let Some((id, open)) = self.consents.open_request(subject, mnemonic, &scopes) {
            let fresh: BTreeSet<Oid> = to.difference(&open.to).copied().collect();
            if fresh.is_empty() {
                return Ok((Vec::new(), response));
            }
            let mut events = vec![Event::Consent(ConsentEvent::Reached { request: id, to: fresh.clone() })];
            events.extend(Self::tell_of_request(client, account, today, id, &fresh));
            return Ok((events, response));
        }
        let id = RequestId(self.consents.last_request + 1);
        let replaced = self.consents.open.get(&subject).and_then(|open| open.get(mnemonic));
        let replaced = replaced.map(|request| ConsentEvent::RequestClosed { request: *request, why: Ending::Replaced });
        let notices = Self::tell_of_request(client, account, today, id, &to);
        let expires_at = now + TimeDelta::days(i64::from(self.settings.consent_request_days));
        let request =
            NewRequest { subject, client: mnemonic.clone(), scopes, purpose: purpose.to_owned(), to, expires_at };
        let requested = ConsentEvent::Requested { id, request };
        Ok((replaced.into_iter().chain([requested]).map(Event::Consent).chain(notices).collect(), response))
    }

    /// Returns the notifications with a link to the request, one for each person asked.
    fn tell_of_request(
        client: &Client,
        about: &Account,
        today: NaiveDate,
        id: RequestId,
        to: &BTreeSet<Oid>,
    ) -> Vec<Event> {
        let text = if about.is_minor(today) {
            format!("{} просит согласие на обработку данных ребёнка: {}", client.spec.title, about.name)
        } else {
            format!("{} просит согласие на обработку ваших данных", client.spec.title)
        };
        let notice = |person: &Oid| {
            let link = format!("/lk/consents/requests/{}", id.0);
            Event::Notice(NoticeEvent::Sent { to: *person, text: text.clone(), link })
        };
        to.iter().map(notice).collect()
    }

    /// Grants a request by one of the persons asked. This settles it for the others, too.
    ///
    /// # Errors
    /// Fails if the request is settled, or was not made to this person.
    pub(crate) fn grant_request(&self, id: RequestId, by: Oid, now: DateTime<Utc>) -> Result<Vec<Event>, ConsentError> {
        let request = self.request_to(id, by)?;
        let consent = Consent {
            subject: request.subject,
            client: request.client.clone(),
            scopes: request.scopes.clone(),
            purpose: request.purpose.clone(),
            given_by: by,
            given_at: now,
            expires_at: now + self.term(None)?,
        };
        Ok(self.granted(consent))
    }

    /// Refuses a request by one of the persons asked. The request stays open: another one, or the same person later,
    /// may grant it.
    ///
    /// # Errors
    /// Fails if the request is settled, or was not made to this person.
    pub(crate) fn refuse_request(&self, id: RequestId, by: Oid) -> Result<Vec<Event>, ConsentError> {
        self.request_to(id, by)?;
        Ok(vec![Event::Consent(ConsentEvent::Refused { request: id, by })])
    }

    fn request_to(&self, id: RequestId, by: Oid) -> Result<&ConsentRequest, ConsentError> {
        let request =
            self.consents.request(id).filter(|request| request.to.contains(&by)).ok_or(ConsentError::Unknown)?;
        match request.status {
            RequestStatus::Open { .. } => {}
            RequestStatus::Granted { .. } => return Err(ConsentError::AlreadyGranted),
            RequestStatus::Closed { why } => return Err(ConsentError::Closed(why)),
        }
        // The guardian may have lost the binding since the request, or the child may have come of age.
        let still = request.subject == by || self.bindings.is_guardian(by, request.subject);
        if still { Ok(request) } else { Err(ConsentError::Unknown) }
    }

    /// Records the consent that an adult gives on the consent page.
    pub(crate) fn grant_own(
        &self,
        subject: Oid,
        client: &Client,
        scopes: BTreeSet<String>,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        let until = now + TimeDelta::days(i64::from(self.settings.consent_days));
        self.granted(Self::consent_to(subject, client, scopes, Given { by: subject, at: now, expires_at: until }))
    }

    /// Returns the term of a consent: the given number of days, or the world's setting.
    fn term(&self, days: Option<u32>) -> Result<TimeDelta, ConsentError> {
        let days = days.unwrap_or(self.settings.consent_days);
        if (1..=MAX_DAYS).contains(&days) { Ok(TimeDelta::days(i64::from(days))) } else { Err(ConsentError::Days) }
    }

    /// Records the consent that a guardian gives in «Школьное портфолио» before a request (R001.1, R002.8), for the
    /// given number of days or the default term.
    ///
    /// # Errors
    /// Fails if the child is not bound to this guardian, the client is not offered there, the consent is in force
    /// already, or the term is out of range.
    pub(crate) fn grant_beforehand(
        &self,
        clients: &Clients,
        offer: &Beforehand<'_>,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, ConsentError> {
        let Beforehand { guardian, child, client, days } = *offer;
        if !self.bindings.is_guardian(guardian, child) {
            return Err(ConsentError::NotGuardian);
        }
        let client =
            clients.get(client).filter(|client| client.spec.school_portfolio).ok_or(ConsentError::NotOffered)?;
        let scopes: BTreeSet<String> = client.spec.scopes.iter().filter(|scope| *scope != "openid").cloned().collect();
        let given = self.consents.scopes(child, &client.spec.mnemonic);
        if scopes.iter().all(|scope| given.contains(scope.as_str())) {
            return Err(ConsentError::AlreadyGranted);
        }
        let given = Given { by: guardian, at: now, expires_at: now + self.term(days)? };
        Ok(self.granted(Self::consent_to(child, client, scopes, given)))
    }

    fn consent_to(
        subject: Oid,
        client: &Client,
        scopes: BTreeSet<String>,
        Given { by: given_by, at: given_at, expires_at }: Given,
    ) -> Consent {
        let purpose =
            if given_by == subject { format!("Вход: {}", client.spec.title) } else { SCHOOL_PURPOSE.to_owned() };
        Consent { subject, client: client.spec.mnemonic.clone(), scopes, purpose, given_by, given_at, expires_at }
    }

    fn granted(&self, consent: Consent) -> Vec<Event> {
        vec![Event::Consent(ConsentEvent::Granted { id: self.consents.next_consent(), consent })]
    }

    /// Revokes a consent, by the person or a guardian of a minor. It takes effect with the next token, and at `/rs` at
    /// once.
    ///
    /// # Errors
    /// Fails if the consent is not in force, or concerns another person.
    pub(crate) fn revoke_consent(&self, id: ConsentId, by: Oid) -> Result<Vec<Event>, ConsentError> {
        let consent = self.consents.get(id).ok_or(ConsentError::Unknown)?;
        if consent.subject != by && !self.bindings.is_guardian(by, consent.subject) {
            return Err(ConsentError::Unknown);
        }
        Ok(vec![Event::Consent(ConsentEvent::Revoked { consent: id, by })])
    }

    /// Checks whether the binding window is suppressed, by a consent in force to the region's education ministry
    /// (R000.10).
    pub(crate) fn window_is_suppressed(&self, person: Oid) -> bool {
        self.consents.of(person).any(|(_, consent)| self.ministry_clients.contains(&consent.client))
    }

    /// Returns the events that end consents about a person, and open requests: at the 18th birthday the consents given
    /// by guardians, at the deletion of the account all.
    pub(crate) fn end_consents_of(&self, person: Oid, why: Ending) -> Vec<Event> {
        let own_stay = why == Ending::OfAge;
        let ended = self.consents.of(person).filter(|(_, consent)| !own_stay || consent.given_by != person);
        let lapsed = ended.map(|(consent, _)| ConsentEvent::Lapsed { consent, why });
        let open = self.consents.open.get(&person).into_iter().flat_map(BTreeMap::values);
        let closed = open.map(|request| ConsentEvent::RequestClosed { request: *request, why });
        lapsed.chain(closed).map(Event::Consent).collect()
    }

    /// Returns the events that end the consents which a guardian gave for a child, when the binding ends.
    pub(crate) fn end_consents_by(&self, guardian: Oid, child: Oid) -> Vec<Event> {
        let given = self.consents.of(child).filter(|(_, consent)| consent.given_by == guardian);
        let why = Ending::NoGuardian;
        given.map(|(consent, _)| Event::Consent(ConsentEvent::Lapsed { consent, why })).collect()
    }
}
