//! Consents: the pure rules (DESIGN.md, *Consent on the wire*).

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use web::Trouble;

use crate::{
    clients::Client,
    notices::NoticeEvent,
    state::{Deadline, Event, Gosuslugi},
};

/// Number of a consent in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct ConsentId(pub u64);

/// Number of a request for a consent in its world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
pub struct RequestId(pub u64);

/// A consent: somebody lets a system have somebody's data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Consent {
    /// Whose data.
    pub subject: Oid,
    /// Which system has them.
    pub client: Mnemonic,
    /// Which scopes.
    pub scopes: BTreeSet<String>,
    /// What for.
    pub purpose: String,
    /// Who consented: the person, or a guardian.
    pub given_by: Oid,
    /// Since when.
    pub given_at: DateTime<Utc>,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// How a request for a consent stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestStatus {
    /// Nobody has granted it yet. Those who refused may still grant it.
    Open {
        /// Who has refused.
        refused_by: BTreeSet<Oid>,
    },
    /// Settled by a consent.
    Granted {
        /// Which.
        consent: ConsentId,
        /// Whose.
        by: Oid,
    },
}

/// A request for a consent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConsentRequest {
    /// Whose data.
    pub subject: Oid,
    /// Which system asks.
    pub client: Mnemonic,
    /// Which scopes.
    pub scopes: BTreeSet<String>,
    /// What for.
    pub purpose: String,
    /// Who may grant it.
    pub to: BTreeSet<Oid>,
    /// When it was made.
    pub asked_at: DateTime<Utc>,
    /// How it stands.
    pub status: RequestStatus,
}

/// What a new request says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct NewRequest {
    /// Whose data.
    pub subject: Oid,
    /// Which system asks.
    pub client: Mnemonic,
    /// Which scopes.
    pub scopes: BTreeSet<String>,
    /// What for.
    pub purpose: String,
    /// Who may grant it.
    pub to: BTreeSet<Oid>,
}

/// What happens to consents.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum ConsentEvent {
    /// Somebody was asked for a consent.
    Requested {
        /// The request's number.
        id: RequestId,
        /// What it says.
        request: NewRequest,
    },
    /// A consent was given.
    Granted {
        /// Its number.
        id: ConsentId,
        /// What it says.
        consent: Consent,
    },
    /// A request was refused by one of those who may grant it.
    Refused {
        /// The request.
        request: RequestId,
        /// By whom.
        by: Oid,
    },
    /// A consent was taken back.
    Revoked {
        /// Which.
        consent: ConsentId,
        /// By whom.
        by: Oid,
    },
    /// A consent's term ended.
    Lapsed {
        /// Which.
        consent: ConsentId,
    },
}

/// What a relying party hears when it asks for a consent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// It is in force already.
    Granted,
    /// So many people have been asked.
    Requested(usize),
    /// A minor's account that is bound to nobody.
    NoGuardian,
}

/// Why an action on a consent was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConsentError {
    /// No such consent or request, or somebody else's.
    #[error("Такого согласия или запроса у вас нет")]
    Unknown,
    /// It is granted already.
    #[error("Согласие уже выдано")]
    AlreadyGranted,
    /// No account of that number.
    #[error("Такой учётной записи нет")]
    NoSubject,
    /// The person is not a guardian of that child.
    #[error("Учётная запись ребёнка не привязана к вашей")]
    NotGuardian,
    /// A system that is not offered in «Школьное портфолио».
    #[error("Этой системе согласие заранее не выдаётся")]
    NotOffered,
    /// The system may not have such scopes.
    #[error("Системе не разрешена область доступа «{0}»")]
    Scope(String),
}

impl ConsentError {
    /// Stable name.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "consent-unknown",
            Self::AlreadyGranted => "consent-already-granted",
            Self::NoSubject => "consent-no-subject",
            Self::NotGuardian => "consent-not-guardian",
            Self::NotOffered => "consent-not-offered",
            Self::Scope(_) => "consent-scope",
        }
    }
}

impl From<ConsentError> for Trouble {
    fn from(error: ConsentError) -> Self {
        match error {
            ConsentError::Unknown | ConsentError::NoSubject => {
                Self { code: error.code(), ..Self::not_found(error.to_string()) }
            }
            _ => Self::conflict(error.code(), error.to_string()),
        }
    }
}

/// How long a consent lasts.
const TERM: TimeDelta = TimeDelta::days(365);
/// What consents to a school's systems are for.
pub(crate) const SCHOOL_PURPOSE: &str = "Вход в электронный дневник";

/// All consents of a world: only those in force, and the requests.
#[derive(Debug, Clone, Default)]
pub struct Consents {
    in_force: BTreeMap<ConsentId, Consent>,
    by_subject: BTreeSet<(Oid, ConsentId)>,
    requests: BTreeMap<RequestId, ConsentRequest>,
    open: BTreeMap<(Oid, Mnemonic), RequestId>,
    to: BTreeSet<(Oid, RequestId)>,
    last_consent: u64,
    last_request: u64,
}

impl Consents {
    /// Consents in force for a person's data, oldest first.
    pub fn of(&self, subject: Oid) -> impl Iterator<Item = (ConsentId, &Consent)> {
        let range = (subject, ConsentId(0))..=(subject, ConsentId(u64::MAX));
        self.by_subject.range(range).filter_map(|(_, id)| self.in_force.get(id).map(|consent| (*id, consent)))
    }

    /// All scopes that a person's consents in force give to a system.
    pub fn scopes(&self, subject: Oid, client: &Mnemonic) -> BTreeSet<&str> {
        let theirs = self.of(subject).filter(|(_, consent)| consent.client == *client);
        theirs.flat_map(|(_, consent)| consent.scopes.iter().map(String::as_str)).collect()
    }

    /// A consent in force.
    pub fn get(&self, id: ConsentId) -> Option<&Consent> {
        self.in_force.get(&id)
    }

    /// A request.
    pub fn request(&self, id: RequestId) -> Option<&ConsentRequest> {
        self.requests.get(&id)
    }

    /// Requests that a person may grant, newest first.
    pub fn requests_to(&self, person: Oid) -> impl Iterator<Item = (RequestId, &ConsentRequest)> {
        let range = (person, RequestId(0))..=(person, RequestId(u64::MAX));
        self.to.range(range).rev().filter_map(|(_, id)| self.requests.get(id).map(|request| (*id, request)))
    }

    pub(crate) fn next_consent(&self) -> ConsentId {
        ConsentId(self.last_consent + 1)
    }

    /// The open request of a system for a person, if it asks for no less than `scopes`.
    fn open_request(
        &self,
        subject: Oid,
        client: &Mnemonic,
        scopes: &BTreeSet<String>,
    ) -> Option<(RequestId, &ConsentRequest)> {
        let id = self.open.get(&(subject, client.clone()))?;
        let request = self.requests.get(id).filter(|request| scopes.is_subset(&request.scopes))?;
        Some((*id, request))
    }
}

impl ConsentRequest {
    /// Whether it still waits for this person.
    pub fn awaits(&self, person: Oid) -> bool {
        self.to.contains(&person) && matches!(self.status, RequestStatus::Open { .. })
    }
}

impl Gosuslugi {
    /// A system asks for a consent about a person: the person's own when of age, else one of the bound guardians'. Asking
    /// twice makes no second request, but reaches guardians that were bound since.
    ///
    /// # Errors
    /// An unknown person; a scope that the system may not have.
    pub fn ask_consent(
        &self,
        client: &Client,
        subject: Oid,
        (scopes, purpose): (BTreeSet<String>, &str),
        today: NaiveDate,
    ) -> Result<(Vec<Event>, Asked), ConsentError> {
        let account = self.accounts.get(subject).ok_or(ConsentError::NoSubject)?;
        if let Some(scope) = scopes.iter().find(|scope| !client.spec.scopes.contains(scope)) {
            return Err(ConsentError::Scope(scope.clone()));
        }
        let mnemonic = &client.spec.mnemonic;
        let given = self.consents.scopes(subject, mnemonic);
        if scopes.iter().all(|scope| given.contains(scope.as_str())) {
            return Ok((Vec::new(), Asked::Granted));
        }
        let to: BTreeSet<Oid> =
            if account.is_minor(today) { self.bindings.guardians_of(subject).collect() } else { [subject].into() };
        if to.is_empty() {
            return Ok((Vec::new(), Asked::NoGuardian));
        }
        let asked = Asked::Requested(to.len());
        if self.consents.open_request(subject, mnemonic, &scopes).is_some_and(|(_, open)| to.is_subset(&open.to)) {
            return Ok((Vec::new(), asked));
        }
        let id = RequestId(self.consents.last_request + 1);
        let text = if account.is_minor(today) {
            format!("{} просит согласие на обработку данных ребёнка: {}", client.spec.title, account.name)
        } else {
            format!("{} просит согласие на обработку ваших данных", client.spec.title)
        };
        let notices = to.iter().map(|person| {
            let link = format!("/lk/consents/requests/{}", id.0);
            Event::Notice(NoticeEvent::Sent { to: *person, text: text.clone(), link })
        });
        let notices: Vec<_> = notices.collect();
        let request = NewRequest { subject, client: mnemonic.clone(), scopes, purpose: purpose.to_owned(), to };
        let requested = Event::Consent(ConsentEvent::Requested { id, request });
        Ok((std::iter::once(requested).chain(notices).collect(), asked))
    }

    /// One of those who were asked consents; the others' request is settled with it.
    ///
    /// # Errors
    /// Somebody else's request, or a settled one.
    pub fn grant_request(&self, id: RequestId, by: Oid, now: DateTime<Utc>) -> Result<Vec<Event>, ConsentError> {
        let request = self.request_to(id, by)?;
        let consent = Consent {
            subject: request.subject,
            client: request.client.clone(),
            scopes: request.scopes.clone(),
            purpose: request.purpose.clone(),
            given_by: by,
            given_at: now,
            expires_at: now + TERM,
        };
        Ok(self.granted(consent))
    }

    /// One of those who were asked refuses. The request stays open: another, or the same later, may grant it.
    ///
    /// # Errors
    /// Somebody else's request, or a settled one.
    pub fn refuse_request(&self, id: RequestId, by: Oid) -> Result<Vec<Event>, ConsentError> {
        self.request_to(id, by)?;
        Ok(vec![Event::Consent(ConsentEvent::Refused { request: id, by })])
    }

    fn request_to(&self, id: RequestId, by: Oid) -> Result<&ConsentRequest, ConsentError> {
        let request =
            self.consents.request(id).filter(|request| request.to.contains(&by)).ok_or(ConsentError::Unknown)?;
        if matches!(request.status, RequestStatus::Granted { .. }) {
            return Err(ConsentError::AlreadyGranted);
        }
        // A guardian who is none any more, or a child come of age: the request was made to somebody else, as it were.
        let still = request.subject == by || self.bindings.is_guardian(by, request.subject);
        if still { Ok(request) } else { Err(ConsentError::Unknown) }
    }

    /// A person of age consents on the consent page.
    pub(crate) fn grant_own(
        &self,
        subject: Oid,
        client: &Client,
        scopes: BTreeSet<String>,
        now: DateTime<Utc>,
    ) -> Vec<Event> {
        self.granted(Self::consent_to(subject, client, scopes, (subject, now)))
    }

    /// A guardian consents beforehand, in «Школьное портфолио» (R001.1).
    ///
    /// # Errors
    /// Not this person's child, or a system that is not offered there.
    pub fn grant_beforehand(
        &self,
        guardian: Oid,
        child: Oid,
        client: &Mnemonic,
        now: DateTime<Utc>,
    ) -> Result<Vec<Event>, ConsentError> {
        if !self.bindings.is_guardian(guardian, child) {
            return Err(ConsentError::NotGuardian);
        }
        let client =
            self.clients.get(client).filter(|client| client.spec.school_portfolio).ok_or(ConsentError::NotOffered)?;
        let scopes: BTreeSet<String> = client.spec.scopes.iter().filter(|scope| *scope != "openid").cloned().collect();
        let given = self.consents.scopes(child, &client.spec.mnemonic);
        if scopes.iter().all(|scope| given.contains(scope.as_str())) {
            return Err(ConsentError::AlreadyGranted);
        }
        Ok(self.granted(Self::consent_to(child, client, scopes, (guardian, now))))
    }

    fn consent_to(
        subject: Oid,
        client: &Client,
        scopes: BTreeSet<String>,
        (given_by, given_at): (Oid, DateTime<Utc>),
    ) -> Consent {
        let (client, purpose) = (client.spec.mnemonic.clone(), SCHOOL_PURPOSE.to_owned());
        Consent { subject, client, scopes, purpose, given_by, given_at, expires_at: given_at + TERM }
    }

    fn granted(&self, consent: Consent) -> Vec<Event> {
        vec![Event::Consent(ConsentEvent::Granted { id: self.consents.next_consent(), consent })]
    }

    /// The person, or a guardian of a minor, takes a consent back. Works at the next token, and at `/rs` at once.
    ///
    /// # Errors
    /// Somebody else's consent, or one that is not in force.
    pub fn revoke_consent(&self, id: ConsentId, by: Oid) -> Result<Vec<Event>, ConsentError> {
        let consent = self.consents.get(id).ok_or(ConsentError::Unknown)?;
        if consent.subject != by && !self.bindings.is_guardian(by, consent.subject) {
            return Err(ConsentError::Unknown);
        }
        Ok(vec![Event::Consent(ConsentEvent::Revoked { consent: id, by })])
    }

    /// R000.10: while a consent to the region's education ministry is in force, the binding window does not appear.
    pub(crate) fn window_is_suppressed(&self, person: Oid) -> bool {
        self.consents.of(person).any(|(_, consent)| {
            self.clients
                .get(&consent.client)
                .is_some_and(|client| client.spec.organisation == self.settings.education_ministry)
        })
    }

    pub(crate) fn apply_consent(&mut self, at: DateTime<Utc>, event: &ConsentEvent) {
        let consents = &mut self.consents;
        match event {
            ConsentEvent::Requested { id, request } => {
                let NewRequest { subject, client, scopes, purpose, to } = request.clone();
                consents.last_request = id.0;
                consents.open.insert((subject, client.clone()), *id);
                consents.to.extend(to.iter().map(|person| (*person, *id)));
                let status = RequestStatus::Open { refused_by: BTreeSet::new() };
                let request = ConsentRequest { subject, client, scopes, purpose, to, asked_at: at, status };
                consents.requests.insert(*id, request);
            }
            ConsentEvent::Granted { id, consent } => {
                consents.last_consent = consents.last_consent.max(id.0);
                consents.settle(*id, consent);
                consents.by_subject.insert((consent.subject, *id));
                consents.in_force.insert(*id, consent.clone());
                self.agenda.insert((consent.expires_at, Deadline::Consent(*id)));
            }
            ConsentEvent::Refused { request, by } => {
                if let Some(RequestStatus::Open { refused_by }) =
                    consents.requests.get_mut(request).map(|request| &mut request.status)
                {
                    refused_by.insert(*by);
                }
            }
            ConsentEvent::Revoked { consent, .. } | ConsentEvent::Lapsed { consent } => {
                if let Some(ended) = consents.in_force.remove(consent) {
                    consents.by_subject.remove(&(ended.subject, *consent));
                    self.agenda.remove(&(ended.expires_at, Deadline::Consent(*consent)));
                }
            }
        }
    }
}

impl Consents {
    /// Settles every open request of the system that a new consent covers.
    fn settle(&mut self, id: ConsentId, consent: &Consent) {
        let key = (consent.subject, consent.client.clone());
        let Some(request) = self.open.get(&key).and_then(|id| self.requests.get_mut(id)) else { return };
        if request.scopes.is_subset(&consent.scopes) {
            request.status = RequestStatus::Granted { consent: id, by: consent.given_by };
            self.open.remove(&key);
        }
    }
}
