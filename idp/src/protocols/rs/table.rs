//! Table of the parts of a person and of an organisation at `/rs`: path, name in `Link`, scopes, and builder of the
//! response (ESIA §4.2, §4.5–§4.8). Response and verdict both use this table.

use axum::response::Response;
use chrono::NaiveDate;
use esia::{
    Oid,
    error::RestError,
    person::{Contact, Tagged},
};

use super::{
    access::Caller,
    answer::{in_line, listed, tagged},
    kids::{KID_DOCUMENTS, KID_SCOPES, kid_documents, kids},
    model::{Granted, Keyed, collection},
    natural::{Asked, ROLES, context, person, roles},
    organisations::{self, addresses_of, contacts_of, employees, groups, vehicles_of},
    parts::{ADDRESSES, CONTACTS, DOCUMENTS, VEHICLES, addresses, contacts, documents, vehicles},
};
use crate::{
    portal::{accounts::Account, organisations::Organisation},
    state::Gosuslugi,
};

/// Response, or the reason for refusal.
type Answered = Result<Response, RestError>;

/// Input of a response about a person.
#[derive(Clone, Copy)]
pub(super) struct OfPerson<'a> {
    pub(super) state: &'a Gosuslugi,
    pub(super) account: &'a Account,
    pub(super) granted: &'a Granted,
    pub(super) asked: Asked<'a>,
    pub(super) today: NaiveDate,
}

/// Input of a response about an organisation.
#[derive(Clone, Copy)]
pub(super) struct OfOrganisation<'a> {
    pub(super) state: &'a Gosuslugi,
    pub(super) organisation: &'a Organisation,
    pub(super) granted: &'a Granted,
    pub(super) caller: &'a Caller,
    pub(super) asked: Asked<'a>,
}

/// Requested address of a part.
pub(super) struct Address<'r> {
    /// URL up to the part.
    url: String,
    /// Segment that `*` stands for.
    owner: &'r str,
    /// Segments after the part: none, or the id of an element.
    id: &'r [&'r str],
}

impl Address<'_> {
    /// Returns a collection, or the element whose id ends the address.
    fn listed<T: Keyed + Tagged>(&self, items: Option<Vec<T>>, asked: Asked<'_>) -> Answered {
        listed(items, self.id, asked, &self.url)
    }

    /// Returns a response that has no elements with addresses.
    fn whole(&self, answer: impl FnOnce() -> Answered) -> Answered {
        if self.id.is_empty() { answer() } else { Err(RestError::NotFound) }
    }
}

/// Name of a part in the `Link` header of a person (ESIA §4.1, recorded in 2017).
pub(super) struct Link {
    pub(super) rel: &'static str,
    pub(super) schema: &'static str,
}

/// Form of a part's response, with the name of its type in `esia::person`, for the OpenAPI document.
#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// One object of this type.
    One(&'static str),
    /// Collection whose elements have addresses below it.
    List(&'static str),
    /// Collection whose elements have no addresses here.
    Line(&'static str),
    /// Collection that is always empty in the mock.
    Nothing,
    /// Not available to relying parties.
    Closed,
}

/// Row of the table: one part.
pub(super) struct Part<B> {
    /// Path below the owner; `*` is any one segment.
    pub(super) path: &'static str,
    /// Description for the OpenAPI document.
    pub(super) about: &'static str,
    pub(super) shape: Shape,
    pub(super) link: Option<Link>,
    /// Scopes that each open the part; empty if only the portal may read it.
    pub(super) scopes: &'static [&'static str],
    build: B,
}

type BuildPerson = for<'a> fn(OfPerson<'a>, &Address<'_>) -> Answered;
type BuildOrganisation = for<'a> fn(OfOrganisation<'a>, &Address<'_>) -> Answered;

const fn link(rel: &'static str, schema: &'static str) -> Link {
    Link { rel, schema }
}

/// Creates a part that exists, but that no scope of a relying party opens.
const fn closed(path: &'static str, about: &'static str, link: Link) -> Part<BuildPerson> {
    let build = |_: OfPerson<'_>, _: &Address<'_>| Err(RestError::ScopeNotAllowed);
    Part { path, about, shape: Shape::Closed, link: Some(link), scopes: &[], build }
}

/// Parts of a person, in the order of their links. A longer path comes before the path that it begins with.
pub(super) const PERSON: [Part<BuildPerson>; 14] = [
    closed("prmns", "Разрешения", link("permissions", "prmns/PersonPermissions-1")),
    Part {
        path: "ctx",
        about: "Как заведена учётная запись",
        shape: Shape::One("RegContext"),
        link: Some(link("context", "ctx/RegContext-1")),
        scopes: &[],
        build: |of, at| at.whole(|| Ok(tagged(context(of.account, of.today)))),
    },
    closed("events", "События", link("events", "events/AuditEvents-1")),
    closed("reqs", "Запросы", link("requests", "reqs/Requests-1")),
    closed("sec", "Настройки безопасности", link("sec", "sec/SecuritySettings-1")),
    Part {
        path: "addrs",
        about: "Адреса человека",
        shape: Shape::List("Address"),
        link: Some(link("addresses", "addrs/Addresses-1")),
        scopes: &ADDRESSES,
        build: |of, at| at.listed(addresses(of.account, of.granted, of.asked.is_newer), of.asked),
    },
    Part {
        path: "roles",
        about: "Организации, за которые человек действует, и кем",
        shape: Shape::Line("Role"),
        link: Some(link("roles", "roles/Roles-1")),
        scopes: &ROLES,
        build: |of, at| at.whole(|| in_line(roles(of.state, of.account, of.granted))),
    },
    Part {
        path: "ctts",
        about: "Контакты человека",
        shape: Shape::List("Contact"),
        link: Some(link("contacts", "ctts/Contacts-1")),
        scopes: &CONTACTS,
        build: |of, at| at.listed(contacts(of.account, of.granted), of.asked),
    },
    Part {
        path: "docs",
        about: "Документы человека",
        shape: Shape::List("Document"),
        link: Some(link("documents", "docs/Documents-1")),
        scopes: &DOCUMENTS,
        build: |of, at| at.listed(documents(of.account, of.granted), of.asked),
    },
    Part {
        path: "vhls",
        about: "Машины человека",
        shape: Shape::List("Vehicle"),
        link: Some(link("vehicles", "vhls/Vehicles-1")),
        scopes: &VEHICLES,
        build: |of, at| at.listed(vehicles(of.account, of.granted), of.asked),
    },
    Part {
        path: "kids/*/docs",
        about: "Документы ребёнка",
        shape: Shape::List("Document"),
        link: None,
        scopes: &KID_DOCUMENTS,
        build: documents_of_kid,
    },
    Part {
        path: "kids",
        about: "Дети: карточки из «Семьи и детей»",
        shape: Shape::List("Kid"),
        link: Some(link("kids", "kids/Kids-1")),
        scopes: &KID_SCOPES,
        build: |of, at| at.listed(kids(of.state, of.account, of.granted), of.asked),
    },
    closed("trmnls", "Устройства", link("terminals", "trmnls/Terminals-1")),
    Part {
        path: "orgs",
        about: "То же, что roles, ссылками на организации",
        shape: Shape::Line("Role"),
        link: Some(link("organizations", "orgs/Organizations-1")),
        scopes: &ROLES,
        build: |of, at| at.whole(|| organisations_of(of)),
    },
];

/// Groups of an employee, which the employee may read too.
const GROUPS_OF_EMPLOYEE: &str = "emps/*/grps";

const fn below(
    path: &'static str,
    (about, shape): (&'static str, Shape),
    scopes: &'static [&'static str],
    build: BuildOrganisation,
) -> Part<BuildOrganisation> {
    Part { path, about, shape, link: None, scopes, build }
}

/// Parts of an organisation. A longer path comes before the path that it begins with.
pub(super) const ORGANISATION: [Part<BuildOrganisation>; 11] = [
    below("ctts", ("Контакты организации", Shape::List("Contact")), &["org_ctts"], |of, at| {
        at.listed(Some(contacts_of(&of.organisation.spec)), of.asked)
    }),
    below("addrs", ("Адреса организации", Shape::List("Address")), &["org_addrs"], |of, at| {
        at.listed(Some(addresses_of(&of.organisation.spec)), of.asked)
    }),
    below("vhls", ("Машины организации", Shape::List("Vehicle")), &["org_vhls"], |of, at| {
        at.listed(Some(vehicles_of(&of.organisation.spec)), of.asked)
    }),
    below(
        "grps",
        ("Группы доступа организации", Shape::List("Group")),
        &["org_grps"],
        |of, at| at.listed(Some(groups(&of.organisation.spec, None)), of.asked),
    ),
    below(GROUPS_OF_EMPLOYEE, ("Группы сотрудника", Shape::List("Group")), &["org_grps"], groups_of_employee),
    below("emps", ("Сотрудники", Shape::List("Employee")), &["org_emps"], |of, at| {
        at.listed(Some(employees(of.state, of.organisation)), of.asked)
    }),
    // The mock has no branches, invitations, registration centres and systems of an organisation.
    below("brhs", ("Филиалы", Shape::Nothing), &["org_brhs"], none),
    below("invts", ("Приглашения", Shape::Nothing), &["org_invts"], none),
    below("rcs", ("Центры обслуживания", Shape::Nothing), &["org_rcs"], none),
    below("stms", ("Информационные системы", Shape::Nothing), &["org_stms"], none),
    below("ra", ("Центры регистрации", Shape::Nothing), &["org_ra"], none),
];

/// Returns the row that matches the segments of a path, and the number of segments that it matches.
fn row<'t, B>(table: &'t [Part<B>], segments: &[&str]) -> Option<(&'t Part<B>, usize)> {
    table.iter().find_map(|part| {
        let names = part.path.split('/');
        let length = names.clone().count();
        let fits = |(name, segment): (&str, &&str)| name == "*" || name == *segment;
        (segments.len() >= length && names.zip(segments).all(fits)).then_some((part, length))
    })
}

fn address<'r>(base: &str, segments: &'r [&'r str], length: usize) -> Address<'r> {
    let owner = if length > 1 { segments[1] } else { "" };
    Address { url: format!("{base}/{}", segments[..length].join("/")), owner, id: &segments[length..] }
}

/// Answers a request for a person or one part: `segments` follow the person's number.
pub(super) fn of_person(of: OfPerson<'_>, segments: &[&str]) -> Answered {
    if segments.is_empty() {
        return Ok(tagged(person(of.state, of.account, of.granted, of.asked)));
    }
    let (part, length) = row(&PERSON, segments).ok_or(RestError::NotFound)?;
    (part.build)(of, &address(&of.asked.person(of.account.oid), segments, length))
}

/// Answers a request for an organisation or one part: `segments` follow the organisation's number.
pub(super) fn of_organisation(of: OfOrganisation<'_>, segments: &[&str]) -> Answered {
    if segments.is_empty() {
        return Ok(tagged(organisations::itself(of.organisation, of.granted)));
    }
    let (part, length) = row(&ORGANISATION, segments).ok_or(RestError::NotFound)?;
    let at = address(&format!("{}/orgs/{}", of.asked.base, of.organisation.spec.oid), segments, length);
    let is_own = || {
        let own = of.caller.subject().filter(|_| part.path == GROUPS_OF_EMPLOYEE && of.granted.contains("usr_org"));
        own.is_some_and(|own| at.owner.parse() == Ok(own))
    };
    if !part.scopes.iter().any(|scope| of.granted.contains(*scope)) && !is_own() {
        return Err(RestError::ScopeNotAllowed);
    }
    (part.build)(of, &at)
}

/// Returns the scopes that each open a path of `/rs`; none if only the portal may read it.
pub(super) fn opening(segments: &[&str]) -> &'static [&'static str] {
    match *segments {
        ["prns", _, ref rest @ ..] => row(&PERSON, rest).map_or(&[], |(part, _)| part.scopes),
        ["orgs", _, ref rest @ ..] => row(&ORGANISATION, rest).map_or(&[], |(part, _)| part.scopes),
        _ => &[],
    }
}

fn documents_of_kid(of: OfPerson<'_>, at: &Address<'_>) -> Answered {
    let open = kids(of.state, of.account, of.granted).ok_or(RestError::ScopeNotAllowed)?;
    let number = open.iter().find(|open| open.key() == at.owner).ok_or(RestError::NotFound)?.id;
    let mut cards = of.state.portal.family.of(of.account.oid);
    let card = cards.find(|card| card.id.0 == number).ok_or(RestError::NotFound)?;
    at.listed(kid_documents(card, of.granted), of.asked)
}

fn organisations_of(of: OfPerson<'_>) -> Answered {
    let roles = roles(of.state, of.account, of.granted).ok_or(RestError::ScopeNotAllowed)?;
    Ok(tagged(collection(roles, of.asked.embed.depth(), &format!("{}/orgs", of.asked.base))))
}

fn groups_of_employee(of: OfOrganisation<'_>, at: &Address<'_>) -> Answered {
    let person: Oid = at.owner.parse().map_err(|_| RestError::NotFound)?;
    let employee = of.organisation.employees.get(&person).ok_or(RestError::NotFound)?;
    at.listed(Some(groups(&of.organisation.spec, Some(employee))), of.asked)
}

fn none(of: OfOrganisation<'_>, at: &Address<'_>) -> Answered {
    at.listed(Some(Vec::<Contact>::new()), of.asked)
}
