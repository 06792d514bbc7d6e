//! State of the portal in one world: people, family, binding, consents, agencies, and the deadlines of all these.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use worlds::Shared;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Mnemonic, Oid, person::Gender};

use super::{
    accounts::Accounts, age::majority, agencies::Agencies, agenda::Deadline, binding::Bindings, cast::Cast,
    consents::Consents, family::Family, notices::Notices, organisations::Organisations, outbox::Outbox,
};
use crate::settings::Settings;

/// Portal of one world. A fork shares each part with it until one of them changes the part. It holds no state of the
/// protocols and no registered clients.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Portal {
    /// Settings of the world's portal.
    pub(crate) settings: Shared<Settings>,
    /// ЗАГС, СФР and МВД: their records and response times.
    pub(crate) agencies: Shared<Agencies>,
    /// Accounts, sessions and unfinished sign-ins.
    pub(crate) accounts: Accounts,
    /// Cards in «Семья и дети».
    pub(crate) family: Shared<Family>,
    /// Guardians' children and binding codes.
    pub(crate) bindings: Shared<Bindings>,
    /// Consents and requests for them.
    pub(crate) consents: Shared<Consents>,
    /// Notifications in the personal account.
    pub(crate) notices: Shared<Notices>,
    /// Letters and SMS that the portal has sent.
    pub(crate) outbox: Shared<Outbox>,
    /// Organisations and their employees.
    pub(crate) organisations: Shared<Organisations>,
    /// People by the keys of the seed.
    pub(crate) cast: Shared<Cast>,
    /// Clients of the region's education ministry. A consent to one of them suppresses the binding window (R000.10).
    /// [`crate::Gosuslugi`] updates the set when clients change.
    pub(crate) ministry_clients: Shared<BTreeSet<Mnemonic>>,
    /// Deadlines ordered by time. `apply` keeps them up to date, so looking up the next one is cheap.
    pub(crate) agenda: Shared<BTreeSet<(DateTime<Utc>, Deadline)>>,
}

impl Portal {
    /// Creates a portal without people.
    pub(crate) fn new(settings: Settings, agencies: Agencies) -> Self {
        Self {
            settings: Shared::new(settings),
            agencies: Shared::new(agencies),
            accounts: Accounts::default(),
            family: Shared::default(),
            bindings: Shared::default(),
            consents: Shared::default(),
            notices: Shared::default(),
            outbox: Shared::default(),
            organisations: Shared::default(),
            cast: Shared::default(),
            ministry_clients: Shared::default(),
            agenda: Shared::default(),
        }
    }

    /// Returns a person's full name, or «учётная запись» with the number if the account is unknown.
    pub(crate) fn name_of(&self, oid: Oid) -> String {
        self.accounts.name(oid).map_or_else(|| format!("учётная запись {oid}"), ToString::to_string)
    }

    /// Returns the form of a word that fits the person's gender. `words` are the forms for a man, for a woman, and for
    /// unknown gender.
    pub(crate) fn fitting(&self, oid: Oid, words: [&'static str; 3]) -> &'static str {
        let [man, woman, anybody] = words;
        match self.accounts.get(oid).and_then(|account| account.gender) {
            Some(Gender::M) => man,
            Some(Gender::F) => woman,
            None => anybody,
        }
    }

    /// Adds the 18th birthday of a minor to the agenda; does nothing for an adult.
    pub(crate) fn await_majority(&mut self, person: Oid, born: NaiveDate, now: DateTime<Utc>) {
        let at = majority(born);
        if at > now {
            self.agenda.insert((at, Deadline::Majority(person)));
        }
    }

    /// Removes the 18th birthday from the agenda, when it has come or the account is deleted.
    pub(crate) fn forget_majority(&mut self, person: Oid, born: NaiveDate) {
        self.agenda.remove(&(majority(born), Deadline::Majority(person)));
    }
}
