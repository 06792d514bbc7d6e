//! Persons in responses of `/rs`: the person, the context of the account, the subject of a token, and the organisations
//! that the person acts for (ESIA §4.4, §4.7).

use chrono::NaiveDate;
use esia::{
    Oid,
    person::{EntityRoot, Person, PersonStatus, RegContext, Role, SelfEmployed, SubjectInfo, Tagged, WireDate},
    token::Subject,
};

use super::{
    embed::{Depth, Embed, Part},
    kids::kids,
    model::{Granted, collection, has},
    parts::{addresses, contacts, documents, identity_document, vehicles},
};
use crate::{
    portal::accounts::{Account, Claim, Level},
    state::Gosuslugi,
};

/// Scopes that each open the roles of a person.
pub(super) const ROLES: [&str; 1] = ["usr_org"];

/// Options of a request for data.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked<'a> {
    /// Collections to be embedded.
    pub(super) embed: &'a Embed,
    /// Address of `/rs` in the world, as the client has called it.
    pub(super) base: &'a str,
    /// Whether the request came to the newer API (ESIA §4.10).
    pub(super) is_newer: bool,
}

impl Asked<'_> {
    /// Returns the address of a person.
    pub(super) fn person(&self, oid: Oid) -> String {
        format!("{}/prns/{oid}", self.base)
    }

    fn depth(&self, part: Part) -> Option<Depth> {
        self.embed.parts.get(&part).copied()
    }
}

/// Returns the person with the fields that the scopes open.
pub(super) fn person(state: &Gosuslugi, account: &Account, granted: &Granted, asked: Asked<'_>) -> Person {
    let own = embedded(state, account, granted, asked);
    let (name, profile) = (&account.name, &account.profile);
    let opens = |scopes: &[&str]| has(granted, scopes);
    let confirmed = |since| SelfEmployed { confirmed: true, confirm_date: Some(WireDate(since)) };
    Person {
        first_name: opens(&["fullname"]).then(|| name.first().to_owned()),
        last_name: opens(&["fullname"]).then(|| name.last().to_owned()),
        middle_name: name.middle().filter(|_| opens(&["fullname"])).map(str::to_owned),
        birth_date: account.born.filter(|_| opens(&["birthdate"])).map(WireDate),
        birth_place: profile.birth_place.clone().filter(|_| opens(&["birthplace"])),
        gender: account.gender.filter(|_| opens(&["gender"])),
        trusted: account.level == Level::Confirmed,
        citizenship: opens(&["id_doc", "citizenship"])
            .then(|| profile.citizenship.clone().unwrap_or_else(|| "RUS".to_owned())),
        snils: account.snils.filter(|_| opens(&["snils"])),
        inn: profile.inn.as_ref().filter(|_| opens(&["inn"])).map(ToString::to_string),
        updated_on: account.updated_at.timestamp(),
        status: PersonStatus::Registered,
        verifying: state.portal.accounts.claim(account.oid).is_some_and(Claim::is_pending),
        r_id_doc: identity_document(account),
        kid_acc_created_by_parent: account.made_by.is_some(),
        self_employed: profile.self_employed.filter(|_| opens(&["self_employed"])).map(confirmed),
        ..own
    }
    .tagged()
}

/// Returns the embedded collections that the scopes open.
fn embedded(state: &Gosuslugi, account: &Account, granted: &Granted, asked: Asked<'_>) -> Person {
    let base = asked.person(account.oid);
    let depth = |part| asked.depth(part);
    let contacts = depth(Part::Contacts).zip(contacts(account, granted));
    let addresses = depth(Part::Addresses).zip(addresses(account, granted, asked.is_newer));
    let documents = depth(Part::Documents).zip(documents(account, granted));
    let vehicles = depth(Part::Vehicles).zip(vehicles(account, granted));
    let organizations = depth(Part::Organizations).zip(roles(state, account, granted));
    let kids = depth(Part::Kids).zip(kids(state, account, granted));
    Person {
        contacts: contacts.map(|(depth, items)| collection(items, depth, &format!("{base}/ctts"))),
        addresses: addresses.map(|(depth, items)| collection(items, depth, &format!("{base}/addrs"))),
        documents: documents.map(|(depth, items)| collection(items, depth, &format!("{base}/docs"))),
        vehicles: vehicles.map(|(depth, items)| collection(items, depth, &format!("{base}/vhls"))),
        organizations: organizations.map(|(depth, items)| collection(items, depth, &format!("{}/orgs", asked.base))),
        kids: kids.map(|(depth, items)| collection(items, depth, &format!("{base}/kids"))),
        ..Person::default()
    }
}

/// Parts `/roles` and `/orgs`: the organisations that a person acts for.
pub(super) fn roles(state: &Gosuslugi, account: &Account, granted: &Granted) -> Option<Vec<Role>> {
    let role = |role: &crate::portal::accounts::Role| {
        let organisation = state.portal.organisations.get(role.oid);
        let spec = organisation.map(|organisation| &organisation.spec);
        let employee = organisation.and_then(|organisation| organisation.employees.get(&account.oid));
        let is_chief = employee.is_some_and(|employee| employee.chief);
        Role {
            oid: role.oid,
            prn_oid: account.oid,
            full_name: spec.map_or_else(|| role.organisation.clone(), |spec| spec.full_name.clone()),
            short_name: role.organisation.clone(),
            ogrn: spec.and_then(|spec| spec.ogrn.as_ref()).map(ToString::to_string),
            r#type: role.kind,
            chief: is_chief,
            admin: employee.is_some_and(|employee| employee.admin),
            phone: employee.and_then(|employee| employee.phone).map(|phone| phone.to_string()),
            email: employee.and_then(|employee| employee.email.as_ref()).map(ToString::to_string),
            active: true,
            has_right_of_substitution: is_chief,
            has_approval_tab_access: false,
            is_liquidated: spec.is_some_and(|spec| spec.liquidated),
        }
    };
    has(granted, &ROLES).then(|| account.roles.iter().map(role).collect())
}

/// Part `/ctx`: the context of the account.
pub(super) fn context(account: &Account, today: NaiveDate) -> RegContext {
    let has_documents = account.passport.is_some() && account.snils.is_some();
    let state = match account.level {
        _ if account.wire_level(today) == esia::token::Level::Kd => "KD",
        Level::Confirmed => "PT",
        Level::Standard => "PV",
        Level::Simplified if has_documents => "PR",
        Level::Simplified => "PS",
    };
    RegContext {
        state_facts: [EntityRoot::default()],
        reg_type: "SLF".to_owned(),
        reg_ctx_cfm_ste: state.to_owned(),
        e_tag: None,
    }
    .tagged()
}

/// Part `/rs/sbjs`: the subject of a token.
pub(super) fn subject(account: &Account, today: NaiveDate) -> SubjectInfo {
    let level = account.wire_level(today);
    let Subject { kind, is_trusted, oid, name, .. } = Subject::person(account.oid, level);
    SubjectInfo {
        state_facts: [EntityRoot::default()],
        oid,
        r#type: kind,
        level,
        trusted: is_trusted,
        name,
        e_tag: None,
    }
    .tagged()
}
