//! Fault that is set in a world.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use esia::{Mnemonic, Oid};
use serde::{Deserialize, Serialize};

use super::{
    act::{Act, TimeFault},
    catalogue::{Entry, find},
    place::Place,
};

/// Origin of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetBy {
    /// Set at the control API.
    Control,
    /// Set from the start, for a person of the seed.
    Seed,
    /// Set through the `state` of an authorization request.
    State,
}

/// Fault with its parameters, scope and end.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub struct Fault {
    /// Name of the fault in the catalogue.
    pub id: String,
    /// Parameters that were given, by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Client that alone meets the fault; every client if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Mnemonic>,
    /// Person who alone meets the fault; every person if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<Oid>,
    /// Sign-in that alone meets the fault, by the `state` of its authorization request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Maximum number of responses that the fault changes; no limit if `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requests: Option<u32>,
    /// End of the fault, by the world's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<DateTime<Utc>>,
    /// Origin of the fault.
    pub set_by: SetBy,
    /// Signing key of the fault, if it needs one (PKCS#8 PEM).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

impl Fault {
    /// Creates a fault for everybody and without an end.
    pub(crate) fn new(id: impl Into<String>, set_by: SetBy) -> Self {
        let (parameters, client, person, state) = (BTreeMap::new(), None, None, None);
        Self { id: id.into(), parameters, client, person, state, requests: None, until: None, set_by, key: None }
    }

    /// Returns the fault's row in the catalogue; `None` for a fault of another version of the program.
    pub(crate) fn entry(&self) -> Option<&'static Entry> {
        find(&self.id)
    }

    /// Returns a parameter of the fault, or its default value.
    pub(crate) fn parameter(&self, name: &str) -> &str {
        let said = self.parameters.get(name).map(String::as_str);
        let default = || self.entry()?.parameter(name).map(|known| known.default);
        said.or_else(default).unwrap_or_default()
    }

    /// Returns the probability of the fault, in thousandths, if it has one: the parameter `p`.
    pub(crate) fn chance(&self) -> Option<u64> {
        let said = Some(self.parameter("p")).filter(|text| !text.is_empty())?;
        let share: f64 = said.parse().unwrap_or(1.0);
        // Within 0 and 1000, whatever value was given.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "bounded just before")]
        let of_thousand = (share.clamp(0.0, 1.0) * 1_000.0).round() as u64;
        Some(of_thousand)
    }

    /// Whether the fault applies to this place. Only faults of the network have the parameter `at`.
    pub(crate) fn is_at(&self, place: Place) -> bool {
        match self.parameter("at") {
            "te" => place == Place::Token,
            "rs" => place == Place::Resource,
            "keys" => place == Place::Keys,
            _ => true,
        }
    }

    /// Offset of the provider's clock that the fault causes.
    pub(crate) fn clock_offset(&self) -> Option<TimeDelta> {
        let minutes = TimeDelta::try_minutes(self.number("minutes"))?;
        match self.entry()?.act {
            Act::Time(TimeFault::ClientBehind) => Some(minutes),
            Act::Time(TimeFault::ClientAhead) => Some(-minutes),
            _ => None,
        }
    }

    /// Returns a parameter as a number; 0 if it is not one.
    pub(crate) fn number(&self, name: &str) -> i64 {
        self.parameter(name).parse().unwrap_or_default()
    }
}
