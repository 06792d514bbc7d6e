//! Organisations, `/rs/orgs/{oid}…` (ESIA §4.7). Real responses are public only for the organisation itself; the parts
//! below it have the format of a person's collections.

use esia::{
    Oid, Scope,
    error::RestError,
    language::both,
    person::{
        Address, Contact, ContactKind, Employee, EntityRoot, Group, Identifiable, Organisation as Wire, Tagged, Vehicle,
    },
};
use web::Checks;
use worlds::Check;

use super::{
    access::{Caller, SCOPE, TOKEN, Token, opened},
    model::Granted,
    parts::{address, contact, vehicle},
};
use crate::{
    portal::organisations::{EmployeeSpec, Organisation, OrganisationSpec},
    state::Gosuslugi,
};

/// Data of an organisation that a person's token with `usr_org` opens if the person acts for it: the same as in
/// `/roles`.
const OF_ROLES: [&str; 4] = ["org_fullname", "org_shortname", "org_ogrn", "org_type"];

/// Returns the scopes of a token that open an organisation now. A client's own token must be issued by this world; a
/// person's token opens it while the person works there.
pub(super) fn opened_organisation(
    state: &Gosuslugi,
    caller: &Caller,
    organisation: Oid,
    checks: &Checks,
) -> Result<Granted, RestError> {
    let words = caller.scope().split(' ').filter_map(|word| word.parse::<Scope>().ok());
    let of_it = words.filter(|scope| scope.org_oid == Some(organisation));
    let mut granted: Granted = of_it.map(|scope| scope.bare_name().to_owned()).collect();
    match &caller.token {
        Token::System(claims) => {
            let is_known = state.grants.knows_client_token(&claims.client_id, &claims.jti);
            // A token about another organisation is valid all the same.
            if !granted.is_empty() && !is_known {
                let found = Check::failed(
                    TOKEN,
                    both!("маркер, выданный в этом мире", "a token that was issued in this world"),
                    claims.scope.as_str(),
                );
                return Err(checks.refuse(found.mistakes(caller.of_other_world.clone()), RestError::InvalidToken));
            }
        }
        Token::Person(claims) => {
            let personal = opened(state, caller, claims.subject, checks)?;
            granted.retain(|name| personal.contains(name));
            if !state.portal.works_for(claims.subject, organisation) {
                granted.clear();
            } else if personal.contains("usr_org") {
                granted.extend(OF_ROLES.map(str::to_owned));
                granted.insert("usr_org".to_owned());
            }
        }
    }
    let expected = both!("области вида org_…?org_oid={organisation}", "scopes as org_…?org_oid={organisation}");
    let found = Check::of(SCOPE, expected, caller.scope(), !granted.is_empty());
    checks.require(found, RestError::ScopeNotAllowed).map(|()| granted)
}

/// Returns the organisation with the fields that the scopes open.
pub(super) fn itself(organisation: &Organisation, granted: &Granted) -> Wire {
    let spec = &organisation.spec;
    let opens = |scope: &str| granted.contains(scope);
    Wire {
        state_facts: [EntityRoot::default()],
        oid: spec.oid,
        full_name: opens("org_fullname").then(|| spec.full_name.clone()),
        short_name: opens("org_shortname").then(|| spec.short_name.clone()),
        r#type: opens("org_type").then_some(spec.kind),
        ogrn: spec.ogrn.as_ref().filter(|_| opens("org_ogrn")).map(ToString::to_string),
        inn: spec.inn.as_ref().filter(|_| opens("org_inn")).map(ToString::to_string),
        kpp: spec.kpp.as_ref().filter(|_| opens("org_kpp")).map(ToString::to_string),
        leg: spec.leg.clone().filter(|_| opens("org_leg")),
        agency_type: spec.agency_type.clone().filter(|_| opens("org_agencytype")),
        agency_ter_range: spec.agency_ter_range.clone().filter(|_| opens("org_agencyterrange")),
        oktmo: spec.oktmo.clone().filter(|_| opens("org_oktmo")),
        staff_count: organisation.employees.len(),
        branches_count: 0,
        is_liquidated: spec.liquidated,
        e_tag: None,
    }
    .tagged()
}

/// Part `/ctts`: the organisation's contacts.
pub(super) fn contacts_of(spec: &OrganisationSpec) -> Vec<Contact> {
    let known = [
        (1, ContactKind::Oph, spec.phone.map(|phone| phone.to_string())),
        (2, ContactKind::Oem, spec.email.as_ref().map(ToString::to_string)),
        (3, ContactKind::Ofx, spec.fax.map(|fax| fax.to_string())),
    ];
    known.into_iter().filter_map(|(place, kind, value)| Some(contact(spec.oid, place, kind, value?))).collect()
}

/// Part `/addrs`: the organisation's addresses.
pub(super) fn addresses_of(spec: &OrganisationSpec) -> Vec<Address> {
    spec.addresses.iter().zip(1..).map(|(own, place)| address(spec.oid, place, own)).collect()
}

/// Part `/vhls`: the organisation's vehicles.
pub(super) fn vehicles_of(spec: &OrganisationSpec) -> Vec<Vehicle> {
    spec.vehicles.iter().zip(1..).map(|(own, place)| vehicle(spec.oid, place, own)).collect()
}

/// Returns the access groups of an organisation, or those of one employee.
pub(super) fn groups(spec: &OrganisationSpec, of: Option<&EmployeeSpec>) -> Vec<Group> {
    let is_in = |id: &String| of.is_none_or(|employee| employee.groups.contains(id));
    let groups = spec.groups.iter().filter(|(id, _)| is_in(id));
    let group = groups.map(|(id, group)| Group {
        state_facts: [Identifiable::default()],
        id: id.clone(),
        name: group.name.clone(),
        it_system: group.client.as_ref().map(ToString::to_string),
        system: group.client.is_none(),
        e_tag: None,
    });
    group.map(Tagged::tagged).collect()
}

/// Returns the employees of an organisation who have an account here.
pub(super) fn employees(state: &Gosuslugi, organisation: &Organisation) -> Vec<Employee> {
    let there = organisation.employees.iter().filter(|(oid, _)| state.portal.accounts.get(**oid).is_some());
    let employee = there.map(|(oid, employee)| Employee {
        state_facts: [Identifiable::default()],
        prn_oid: *oid,
        org_oid: organisation.spec.oid,
        position: employee.position.clone(),
        chief: employee.chief,
        admin: employee.admin,
        phone: employee.phone.map(|phone| phone.to_string()),
        email: employee.email.as_ref().map(ToString::to_string),
        active: !employee.blocked,
        e_tag: None,
    });
    employee.map(Tagged::tagged).collect()
}
