//! Description of organisations in a seed.

use std::collections::{BTreeMap, BTreeSet};

use esia::{Email, Inn, Kpp, Mnemonic, Ogrn, Oid, Phone, person::OrganisationKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::portal::accounts::{OwnAddress, OwnVehicle};

/// An organisation for which people may act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OrganisationSpec {
    /// Its number in ЕСИА; other than those of accounts.
    pub oid: Oid,
    /// Full name of the organisation.
    pub full_name: String,
    /// Short name of the organisation.
    pub short_name: String,
    /// What it is: `LEGAL`, `BUSINESS` (sole trader) or `AGENCY`.
    #[serde(rename = "type")]
    pub kind: OrganisationKind,
    /// ОГРН, of a sole trader ОГРНИП; region 00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<Ogrn>,
    /// ИНН; region 00.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inn: Option<Inn>,
    /// КПП; region 00. Sole traders have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kpp: Option<Kpp>,
    /// Code of the legal form (ОКОПФ).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub leg: Option<String>,
    /// Kind of an agency, as `10.FED`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_type: Option<String>,
    /// Where an agency works.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency_ter_range: Option<String>,
    /// ОКТМО of its place, 8 or 11 digits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oktmo: Option<String>,
    /// Phone of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Fax of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<Phone>,
    /// E-mail of the organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Addresses: `OPS`, where it is, and `OLG`, where it is registered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<OwnAddress>,
    /// Vehicles of the organisation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub vehicles: Vec<OwnVehicle>,
    /// Access groups by mnemonic.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub groups: BTreeMap<String, GroupSpec>,
    /// Who works there, by the short names of people. They may act for it when they sign in.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub employees: BTreeMap<String, EmployeeSpec>,
    /// Client systems that it runs.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub clients: BTreeSet<Mnemonic>,
    /// It is no more.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub liquidated: bool,
}

/// An access group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct GroupSpec {
    /// What it is called.
    pub name: String,
    /// The system whose group it is; a group of ЕСИА itself when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client: Option<Mnemonic>,
}

/// Somebody who works in an organisation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct EmployeeSpec {
    /// Position of the employee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// As its head.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub chief: bool,
    /// Administers its profile.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub admin: bool,
    /// Phone of the employee there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// E-mail of the employee there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Mnemonics of the access groups that the person is in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
    /// May not act for it any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
}
