//! Reading of organisations from a seed.

use std::collections::BTreeMap;

use esia::{
    Oid,
    language::{pick, tr},
    person::OrganisationKind,
};
use worlds::SeedError;

use super::{model::Organisation, spec::OrganisationSpec};
use crate::{
    clients::Clients,
    portal::{Portal, accounts::Role, reserved},
};

/// Adds the organisations of a seed to a world whose people have been added before.
///
/// # Errors
/// A [`SeedError`] with the path of the wrong value.
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
                return Err(SeedError::at(
                    format!("{at}.groups"),
                    &tr!("группы «{group}» в groups нет", "there is no group «{group}» in groups"),
                ));
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
        return wrong("oid", pick("такой номер уже есть", "there is such a number already"));
    }
    let is_trader = spec.kind == OrganisationKind::Business;
    if spec.ogrn.as_ref().is_some_and(|ogrn| ogrn.is_of_person() != is_trader) {
        return wrong(
            "ogrn",
            pick("у организации 13 цифр, у предпринимателя 15", "an organisation has 13 digits, an entrepreneur 15"),
        );
    }
    if spec.inn.as_ref().is_some_and(|inn| inn.is_of_person() != is_trader) {
        return wrong(
            "inn",
            pick("у организации 10 цифр, у предпринимателя 12", "an organisation has 10 digits, an entrepreneur 12"),
        );
    }
    if is_trader && spec.kpp.is_some() {
        return wrong("kpp", pick("у предпринимателя КПП нет", "an entrepreneur has no KPP"));
    }
    if let Some(client) = spec.clients.iter().find(|client| clients.get(client).is_none()) {
        return Err((
            format!("clients.{client}"),
            pick("такой системы в clients нет", "there is no such client in clients"),
        ));
    }
    reserved::check_organisation(spec)
}
