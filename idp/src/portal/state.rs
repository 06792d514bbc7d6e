//! State of the portal of one world: people, the family, binding, consents, agencies, and what of it falls due.

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

/// The portal of one world, in parts that a fork shares with it. It knows no protocol and no registered client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Portal {
    /// How this world's portal behaves.
    pub(crate) settings: Shared<Settings>,
    /// ЗАГС, СФР and МВД: their records, and when they answer.
    pub(crate) agencies: Shared<Agencies>,
    /// Accounts, sessions, sign-ins under way.
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
    /// People as the seed names them.
    pub(crate) cast: Shared<Cast>,
    /// Clients of the region's education ministry: a consent to one keeps the binding window away (R000.10). Kept up by
    /// [`crate::Gosuslugi`] when clients change.
    pub(crate) ministry_clients: Shared<BTreeSet<Mnemonic>>,
    /// What falls due when. Kept by `apply`, so that asking costs nothing.
    pub(crate) agenda: Shared<BTreeSet<(DateTime<Utc>, Deadline)>>,
}

impl Portal {
    /// A portal without people.
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

    /// A person's surname, name and patronymic; the number of an account that nobody has.
    pub(crate) fn name_of(&self, oid: Oid) -> String {
        self.accounts.name(oid).map_or_else(|| format!("учётная запись {oid}"), ToString::to_string)
    }

    /// Of a word for a man, for a woman and for whom nothing tells, the one that fits a person.
    pub(crate) fn fitting(&self, oid: Oid, words: [&'static str; 3]) -> &'static str {
        let [man, woman, anybody] = words;
        match self.accounts.get(oid).and_then(|account| account.gender) {
            Some(Gender::M) => man,
            Some(Gender::F) => woman,
            None => anybody,
        }
    }

    /// Puts the 18th birthday of a minor on the agenda.
    pub(crate) fn await_majority(&mut self, person: Oid, born: NaiveDate, now: DateTime<Utc>) {
        let at = majority(born);
        if at > now {
            self.agenda.insert((at, Deadline::Majority(person)));
        }
    }

    /// Takes the 18th birthday off the agenda: it has come, or the account is deleted.
    pub(crate) fn forget_majority(&mut self, person: Oid, born: NaiveDate) {
        self.agenda.remove(&(majority(born), Deadline::Majority(person)));
    }
}
