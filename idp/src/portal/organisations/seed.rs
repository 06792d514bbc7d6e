//! Organisations as a seed describes them.

use std::collections::BTreeMap;

use esia::{Oid, person::OrganisationKind};
use worlds::SeedError;

use super::{model::Organisation, spec::OrganisationSpec};
use crate::{
    clients::Clients,
    portal::{Portal, accounts::Role, reserved},
};

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
