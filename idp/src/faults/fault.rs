//! A fault as it is set in a world.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{
    act::{Act, TimeFault},
    catalogue::{Entry, find},
    place::Place,
};

/// Who has set a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// The control API.
    Control,
    /// A person of the seed has it from the start.
    Seed,
    /// The `state` of an authorization request.
    State,
}

/// A fault with its scope and its end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fault {
    /// Its name in the catalogue.
    pub id: String,
    /// What was said more exactly.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// The one client that meets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Mnemonic>,
    /// The one person who meets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Oid>,
    /// The one sign-in that meets it, by the `state` of its authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// How many answers it changes at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// Until when, by the world's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Who has set it.
    pub set_by: SetBy,
    /// A key of its own, where it needs one (PKCS#8 PEM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Fault {
    /// A fault for everybody and without an end.
    pub(crate) fn new(id: impl Into<String>, set_by: SetBy) -> Self {
        let (parameters, client, person, state) = (BTreeMap::new(), None, None, None);
        Self { id: id.into(), parameters, client, person, state, requests: None, until: None, set_by, key: None }
    }

    /// Its row in the catalogue; none for a fault of another version of the program.
    pub(crate) fn entry(&self) -> Option<&'static Entry> {
        find(&self.id)
    }

    /// A parameter of it, the default where nothing was said.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let said = self.parameters.get(name).map(String::as_str);
        let default = || self.entry()?.parameter(name).map(|known| known.default);
        said.or_else(default).unwrap_or_default()
    }

    /// In how many of a thousand cases it acts, where that is left to chance: the parameter `p`.
    pub(crate) fn chance(&self) -> Option<u64> {
        let said = Some(self.parameter("p")).filter(|text| !text.is_empty())?;
        let share: f64 = said.parse().unwrap_or(1.0);
        // Between nothing and a thousand, whatever was said.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
        let of_thousand = (share.clamp(0.0, 1.0) * 1_000.0).round() as u64;
        Some(of_thousand)
    }

    /// Whether it is meant for the connections of a place; only faults of the network say which.
    pub(crate) fn is_at(&self, place: Place) -> bool {
        match self.parameter("at") {
            "te" => place == Place::Token,
            "rs" => place == Place::Resource,
            "keys" => place == Place::Keys,
            _ => true,
        }
    }

    /// How far the provider's clock is off by it.
    pub(crate) fn clock_offset(&self) -> Option<TimeDelta> {
        let minutes = TimeDelta::try_minutes(self.number("minutes"))?;
        match self.entry()?.act {
            Act::Time(TimeFault::ClientBehind) => Some(minutes),
            Act::Time(TimeFault::ClientAhead) => Some(-minutes),
            _ => None,
        }
    }

    /// A parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.parameter(name).parse().unwrap_or_default()
    }
}
