//! Organisations of a world: the pure rules.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{EmployeeSpec, OrganisationSpec};
use crate::{clients::Client, state::Gosuslugi};

/// An organisation.
#[derive(Debug, Clone)]
pub(crate) struct Organisation {
    /// As the seed describes it.
    pub(crate) spec: OrganisationSpec,
    /// Who works there.
    pub(crate) employees: BTreeMap<Oid, EmployeeSpec>,
}

/// What happens to organisations.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum OrganisationEvent {
    /// A system got a token for an organisation's data by its API key.
    TokenIssued {
        /// Which system.
        client: Mnemonic,
        /// Which organisation.
        organisation: Oid,
        /// Until when it works.
        expires_at: DateTime<Utc>,
    },
}

/// How long a token is remembered after its end.
const REMEMBERED_FOR: TimeDelta = TimeDelta::hours(1);

/// All organisations of a world.
#[derive(Debug, Clone, Default)]
pub struct Organisations {
    by_oid: BTreeMap<Oid, Organisation>,
    tokens: BTreeMap<(Mnemonic, Oid), DateTime<Utc>>,
}

impl Organisations {
    /// An organisation by its number.
    pub(crate) fn get(&self, oid: Oid) -> Option<&Organisation> {
        self.by_oid.get(&oid)
    }

    pub(super) fn insert(&mut self, organisation: Organisation) {
        self.by_oid.insert(organisation.spec.oid, organisation);
    }

    /// The organisation that runs a system.
    pub(crate) fn of_client(&self, client: &Mnemonic) -> Option<&Organisation> {
        self.by_oid.values().find(|organisation| organisation.spec.clients.contains(client))
    }

    /// Whether this world has given a system a token for an organisation's data that still works.
    pub(crate) fn knows_token(&self, client: &Mnemonic, organisation: Oid, now: DateTime<Utc>) -> bool {
        self.tokens.get(&(client.clone(), organisation)).is_some_and(|expires_at| now < *expires_at)
    }

    pub(crate) fn apply(&mut self, at: DateTime<Utc>, event: &OrganisationEvent) {
        let OrganisationEvent::TokenIssued { client, organisation, expires_at } = event;
        self.tokens.retain(|_, ended_at| at < *ended_at + REMEMBERED_FOR);
        self.tokens.insert((client.clone(), *organisation), *expires_at);
    }
}

impl OrganisationEvent {
    /// The timeline's sentence.
    pub(crate) fn tell(&self, state: &Gosuslugi) -> String {
        let Self::TokenIssued { client, organisation, .. } = self;
        let name = state.organisations.get(*organisation).map_or("", |found| found.spec.short_name.as_str());
        format!("Система {client} получила по ключу API маркер организации {name}")
    }
}

impl Gosuslugi {
    /// The system with an API key. Keys are compared in constant time.
    pub(crate) fn client_of_key(&self, api_key: &str) -> Option<&Client> {
        use subtle::ConstantTimeEq as _;
        let same = |key: &String| bool::from(key.as_bytes().ct_eq(api_key.as_bytes()));
        self.clients.iter().find(|client| client.spec.esia.api_key.as_ref().is_some_and(same))
    }

    /// Whether a person works for an organisation now.
    pub(crate) fn works_for(&self, person: Oid, organisation: Oid) -> bool {
        let roles = self.accounts.get(person).map(|account| account.roles.as_slice()).unwrap_or_default();
        roles.iter().any(|role| role.oid == organisation)
    }
}
