//! All state of one world of the mock Gosuslugi, and everything that can happen in it.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use esia::Oid;
use serde::{Deserialize, Serialize};
use worlds::{Domain, Due, SeedDocument, SeedError, moscow};

use crate::{
    accounts::{AccountEvent, Accounts, FactorEvent, IdentityEvent, RegistrationEvent},
    agencies::{Agencies, Agency, AgencyEvent},
    binding::{BindingEvent, Bindings},
    clients::{ClientEvent, Clients},
    consents::{ConsentEvent, ConsentId, Consents, Ending, RequestId},
    family::{CardId, ChildAccountEvent, DraftEnding, Family, FamilyEvent},
    notices::{NoticeEvent, Notices},
    oauth::{OAuth, OAuthEvent},
    oidc::{Oidc, OidcEvent},
    organisations::Organisations,
    outbox::{Outbox, OutboxEvent},
    seed::{self, Settings},
};

/// What can happen in a world of Gosuslugi. In a log each stands as `{"family": {"type": "card-added", …}}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Accounts and sessions.
    Account(AccountEvent),
    /// Self-registration.
    Registration(RegistrationEvent),
    /// The second factor, and sign-ins under way.
    Factor(FactorEvent),
    /// Documents of an account, and its level.
    Identity(IdentityEvent),
    /// «Семья и дети».
    Family(FamilyEvent),
    /// Child accounts that are being made.
    ChildAccount(ChildAccountEvent),
    /// Agencies that check documents.
    Agency(AgencyEvent),
    /// Guardians and binding codes.
    Binding(BindingEvent),
    /// Consents and requests for them.
    Consent(ConsentEvent),
    /// Notifications in the personal account.
    Notice(NoticeEvent),
    /// Letters and SMS.
    Outbox(OutboxEvent),
    /// Client systems.
    Client(ClientEvent),
    /// Authorization requests, codes, tokens.
    Oauth(OAuthEvent),
    /// The same at the OpenID Connect door.
    Oidc(OidcEvent),
}

/// Something that happens by itself when its time comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Deadline {
    /// ЗАГС answers about a card.
    ZagsAnswer(CardId),
    /// СФР answers about a card.
    SfrAnswer(CardId),
    /// A guardian's auto-update is switched off at last.
    AutoUpdateOff(Oid),
    /// A half-made child account lapses: of this card.
    ChildAccount(CardId),
    /// МВД or СФР answers about a person's document.
    Identity(Oid, Agency),
    /// A binding code lapses: of this card.
    BindingCode(CardId),
    /// A consent's term ends.
    Consent(ConsentId),
    /// Nobody has answered a request for a consent in its term.
    ConsentRequest(RequestId),
    /// A person turns 18: guardians' powers end.
    Majority(Oid),
}

/// One world of the mock Gosuslugi.
#[derive(Debug, Clone)]
pub struct Gosuslugi {
    /// How this world's portal behaves.
    pub settings: Settings,
    /// ЗАГС, СФР and МВД.
    pub agencies: Agencies,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// «Семья и дети».
    pub family: Family,
    /// Guardians and binding codes.
    pub bindings: Bindings,
    /// Consents and requests for them.
    pub consents: Consents,
    /// Notifications.
    pub notices: Notices,
    /// Letters and SMS.
    pub outbox: Outbox,
    /// Client systems.
    pub clients: Clients,
    /// Organisations.
    pub organisations: Organisations,
    /// Authorization requests, codes, tokens.
    pub oauth: OAuth,
    /// The same at the OpenID Connect door.
    pub oidc: Oidc,
    /// People as the seed names them.
    pub cast: seed::Cast,
    /// What falls due when. Kept by `apply`, so that asking costs nothing.
    pub(crate) agenda: BTreeSet<(DateTime<Utc>, Deadline)>,
}

impl Domain for Gosuslugi {
    type Event = Event;

    fn genesis(seed: &SeedDocument, at: DateTime<Utc>) -> Result<Self, SeedError> {
        seed::genesis(&seed.gosuslugi()?, at)
    }

    fn apply(&mut self, at: DateTime<Utc>, event: &Event) {
        match event {
            Event::Account(event) => self.apply_account(at, event),
            Event::Registration(event) => self.accounts.apply_registration(at, event),
            Event::Factor(event) => self.accounts.apply_factor(at, event),
            Event::Identity(event) => self.apply_identity(at, event),
            Event::Family(event) => self.apply_family(event),
            Event::ChildAccount(event) => self.apply_child_account(event),
            Event::Agency(event) => self.apply_agency(at, event),
            Event::Binding(event) => self.apply_binding(at, event),
            Event::Consent(event) => self.apply_consent(at, event),
            Event::Notice(event) => self.notices.apply(at, event),
            Event::Outbox(event) => self.outbox.apply(at, event),
            Event::Client(event) => self.apply_client(at, event),
            Event::Oauth(event) => self.oauth.apply(at, event),
            Event::Oidc(event) => self.oidc.apply(at, event),
        }
    }

    fn has_credentials(&self) -> bool {
        self.accounts.has_credentials() || self.oauth.has_credentials() || self.oidc.has_credentials()
    }

    fn forget_credentials(&mut self) {
        self.accounts.forget_credentials();
        self.oauth.forget_credentials();
        self.oidc.forget_credentials();
    }

    fn next_due(&self) -> Option<DateTime<Utc>> {
        self.agenda.first().map(|(at, _)| *at)
    }

    fn due(&self, until: DateTime<Utc>) -> Option<Due<Event>> {
        let (at, deadline) = *self.agenda.first().filter(|(at, _)| *at <= until)?;
        let events = match deadline {
            Deadline::ZagsAnswer(card) => {
                self.family.zags_answer(card, &self.agencies.records).into_iter().map(Event::Family).collect()
            }
            Deadline::SfrAnswer(card) => {
                self.family.sfr_answer(card, &self.agencies.records).into_iter().map(Event::Family).collect()
            }
            Deadline::AutoUpdateOff(guardian) => vec![Event::Family(FamilyEvent::AutoUpdateOff { guardian })],
            Deadline::ChildAccount(card) => {
                vec![Event::ChildAccount(ChildAccountEvent::Ended { card, how: DraftEnding::Lapsed })]
            }
            Deadline::Identity(oid, agency) => self.identity_answered(oid, agency),
            Deadline::BindingCode(card) => vec![Event::Binding(BindingEvent::CodeLapsed { card })],
            Deadline::Consent(consent) => vec![Event::Consent(ConsentEvent::Lapsed { consent, why: Ending::Term })],
            Deadline::ConsentRequest(request) => {
                vec![Event::Consent(ConsentEvent::RequestClosed { request, why: Ending::Term })]
            }
            Deadline::Majority(person) => self.came_of_age(person),
        };
        Some(Due { at, events })
    }

    fn tell(&self, event: &Event) -> String {
        crate::tell::tell(self, event)
    }
}

impl Gosuslugi {
    /// With a system that is taken out goes all that it holds, so that a later one of the same mnemonic inherits nothing.
    fn apply_client(&mut self, at: DateTime<Utc>, event: &ClientEvent) {
        self.clients.apply(event);
        if let ClientEvent::Removed { mnemonic } = event {
            self.oauth.end_client(mnemonic, at);
            self.oidc.end_client(mnemonic);
        }
    }

    /// A person's surname, name and patronymic, for a reader.
    pub(crate) fn name_of(&self, oid: Oid) -> String {
        self.accounts.name(oid).map_or_else(|| format!("учётная запись {oid}"), ToString::to_string)
    }

    /// Puts the 18th birthday of a minor on the agenda.
    pub(crate) fn await_majority(&mut self, person: Oid, born: NaiveDate, now: DateTime<Utc>) {
        let at = majority(born);
        if at > now {
            self.agenda.insert((at, Deadline::Majority(person)));
        }
    }

    /// Takes it off again: it has come, or the account is deleted.
    pub(crate) fn forget_majority(&mut self, person: Oid, born: NaiveDate) {
        self.agenda.remove(&(majority(born), Deadline::Majority(person)));
    }
}

/// Full years on a day. Born on 29 February, one turns a year older on 1 March of a common year.
pub fn age(born: NaiveDate, today: NaiveDate) -> i32 {
    let had = (today.month(), today.day()) >= (born.month(), born.day());
    today.year() - born.year() - i32::from(!had)
}

/// The day on which one turns so many years old.
fn birthday(born: NaiveDate, years: i32) -> NaiveDate {
    let year = born.year() + years;
    NaiveDate::from_ymd_opt(year, born.month(), born.day())
        .or_else(|| NaiveDate::from_ymd_opt(year, 3, 1))
        .unwrap_or(NaiveDate::MAX)
}

/// The instant of one's 18th birthday.
fn majority(born: NaiveDate) -> DateTime<Utc> {
    moscow::midnight(birthday(born, 18)).unwrap_or(DateTime::<Utc>::MAX_UTC)
}
