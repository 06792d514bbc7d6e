//! The `gosuslugi` section of a seed document.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use esia::{BirthCertificate, FullName, Mnemonic, Snils};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::people::Residents;
use crate::{
    clients::ClientSpec,
    portal::{agencies::AgencySettings, organisations::OrganisationSpec},
    settings::Settings,
};

/// The `gosuslugi` section of a seed document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Seed {
    /// How the portal behaves.
    pub settings: Settings,
    /// How ЗАГС, СФР and МВД answer.
    pub agencies: AgencySettings,
    /// Who lives in this world.
    pub people: Residents,
    /// Cards in «Семья и дети».
    pub families: Vec<FamilyCard>,
    /// Child accounts bound to guardians.
    pub bindings: Vec<Binding>,
    /// Consents in force from the start.
    pub consents: Vec<SeedConsent>,
    /// Client systems of this world.
    pub clients: Vec<ClientSpec>,
    /// Client systems that the program was started with (`--client`): it writes them here itself when it makes a world.
    /// One that `clients` names too is passed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients_of_settings: Vec<ClientSpec>,
    /// Organisations, by a short name.
    pub organisations: BTreeMap<String, OrganisationSpec>,
}

/// A child's card in a guardian's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FamilyCard {
    /// Key of the person whose account takes the child in.
    pub guardian: String,
    /// Key of the child whose card it is.
    pub child: String,
    /// What was typed otherwise than it is.
    #[serde(default)]
    pub card: Typed,
    /// Whether ЗАГС and СФР have looked at it already.
    #[serde(default = "yes")]
    pub checked: bool,
}

/// What a guardian typed wrongly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Typed {
    /// Фамилия Имя Отчество.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<FullName>,
    /// Day of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "worlds::day::deserialize_any_day")]
    pub born: Option<NaiveDate>,
    /// СНИЛС on the card, where it is not the child's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Birth certificate on the card, where it is not the child's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<BirthCertificate>,
}

/// A child account bound to a guardian's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Binding {
    /// Key of the guardian.
    pub guardian: String,
    /// Key of the child.
    pub child: String,
}

/// A consent that is in force from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedConsent {
    /// Key of the person whose data it opens.
    pub subject: String,
    /// Key of the person who consented.
    pub given_by: String,
    /// Мнемоника of the system that gets the data.
    pub client: Mnemonic,
    /// Names of the scopes that it opens.
    pub scopes: BTreeSet<String>,
    /// Purpose, as the system has said it.
    #[serde(default)]
    pub purpose: String,
}

fn yes() -> bool {
    true
}
