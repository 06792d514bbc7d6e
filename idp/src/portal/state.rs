//! State of the portal of one world: people, the family, binding, consents, agencies, and what of it falls due.

use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use esia::{Mnemonic, Oid, person::Gender};

use super::{
    accounts::Accounts, age::majority, agencies::Agencies, agenda::Deadline, binding::Bindings, cast::Cast,
    consents::Consents, family::Family, notices::Notices, organisations::Organisations, outbox::Outbox,
};
use crate::settings::Settings;

/// The portal of one world. It knows no protocol and no registered client.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Portal {
    /// How this world's portal behaves.
    pub(crate) settings: Settings,
    /// ЗАГС, СФР and МВД: their records, and when they answer.
    pub(crate) agencies: Agencies,
    /// Accounts, sessions, sign-ins under way.
    pub(crate) accounts: Accounts,
    /// Cards in «Семья и дети».
    pub(crate) family: Family,
    /// Guardians' children and binding codes.
    pub(crate) bindings: Bindings,
    /// Consents and requests for them.
    pub(crate) consents: Consents,
    /// Notifications in the personal account.
    pub(crate) notices: Notices,
    /// Letters and SMS that the portal has sent.
    pub(crate) outbox: Outbox,
    /// Organisations and their employees.
    pub(crate) organisations: Organisations,
    /// People as the seed names them.
    pub(crate) cast: Cast,
    /// Clients of the region's education ministry: a consent to one keeps the binding window away (R000.10). Kept up by
    /// [`crate::Gosuslugi`] when clients change.
    pub(crate) ministry_clients: BTreeSet<Mnemonic>,
    /// What falls due when. Kept by `apply`, so that asking costs nothing.
    pub(crate) agenda: BTreeSet<(DateTime<Utc>, Deadline)>,
}

impl Portal {
    /// A portal without people.
    pub(crate) fn new(settings: Settings, agencies: Agencies) -> Self {
        Self {
            settings,
            agencies,
            accounts: Accounts::default(),
            family: Family::default(),
            bindings: Bindings::default(),
            consents: Consents::default(),
            notices: Notices::default(),
            outbox: Outbox::default(),
            organisations: Organisations::default(),
            cast: Cast::default(),
            ministry_clients: BTreeSet::new(),
            agenda: BTreeSet::new(),
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
