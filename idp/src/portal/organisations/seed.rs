//! Organisations as a seed describes them.

use std::collections::{BTreeMap, BTreeSet};

use esia::{Email, Inn, Kpp, Mnemonic, Ogrn, Oid, Phone, person::OrganisationKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use worlds::SeedError;

use super::model::Organisation;
use crate::{
    clients::Clients,
    portal::{
        Portal,
        accounts::{OwnAddress, OwnVehicle, Role},
        reserved,
    },
};

/// An organisation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct OrganisationSpec {
    /// Its number in ЕСИА; other than those of accounts.
    pub oid: Oid,
    /// Full name.
    pub full_name: String,
    /// Short name.
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
    /// ОКТМО.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oktmo: Option<String>,
    /// Phone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Fax.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fax: Option<Phone>,
    /// E-mail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Addresses: `OPS`, where it is, and `OLG`, where it is registered.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<OwnAddress>,
    /// Vehicles.
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
    /// As what.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// As its head.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub chief: bool,
    /// Administers its profile.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub admin: bool,
    /// Phone there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// E-mail there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Mnemonics of the access groups that the person is in.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub groups: BTreeSet<String>,
    /// May not act for it any more.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
}

/// Puts a seed's organisations into a world whose people are there already.
///
/// # Errors
/// Names what is wrong and where.
pub(crate) fn settle(
    state: &mut Portal,
    clients: &Clients,
    organisations: &BTreeMap<String, OrganisationSpec>,
    oid_of: impl Fn(&Portal, &str, &str) -> Result<Oid, SeedError>,
) -> Result<(), SeedError> {
    for (key, spec) in organisations {
        let path = |field: &str| format!("gosuslugi.organisations.{key}.{field}");
        check(state, clients, spec).map_err(|(field, advice)| SeedError::at(path(&field), &advice))?;
        let mut employees = BTreeMap::new();
        for (person, employee) in &spec.employees {
            let at = path(&format!("employees.{person}"));
            if let Some(group) = employee.groups.iter().find(|group| !spec.groups.contains_key(*group)) {
                return Err(SeedError::at(format!("{at}.groups"), &format!("группы «{group}» в groups нет")));
            }
            reserved::check_contacts(employee.email.as_ref(), &[employee.phone])
                .map_err(|(field, advice)| SeedError::at(format!("{at}.{field}"), &advice))?;
            let oid = oid_of(state, person, &at)?;
            if !employee.blocked {
                let role = Role { oid: spec.oid, organisation: spec.short_name.clone(), kind: spec.kind };
                state.accounts.give_role(oid, role);
            }
            employees.insert(oid, employee.clone());
        }
        state.organisations.insert(Organisation { spec: spec.clone(), employees });
    }
    Ok(())
}

fn check(state: &Portal, clients: &Clients, spec: &OrganisationSpec) -> Result<(), (String, &'static str)> {
    let wrong = |field: &str, advice| Err((field.to_owned(), advice));
    if state.accounts.get(spec.oid).is_some() || state.organisations.get(spec.oid).is_some() {
        return wrong("oid", "такой номер уже есть");
    }
    let is_trader = spec.kind == OrganisationKind::Business;
    if spec.ogrn.as_ref().is_some_and(|ogrn| ogrn.is_of_person() != is_trader) {
        return wrong("ogrn", "у организации 13 цифр, у предпринимателя 15");
    }
    if spec.inn.as_ref().is_some_and(|inn| inn.is_of_person() != is_trader) {
        return wrong("inn", "у организации 10 цифр, у предпринимателя 12");
    }
    if is_trader && spec.kpp.is_some() {
        return wrong("kpp", "у предпринимателя КПП нет");
    }
    if let Some(client) = spec.clients.iter().find(|client| clients.get(client).is_none()) {
        return Err((format!("clients.{client}"), "такой системы в clients нет"));
    }
    reserved::check_organisation(spec)
}
