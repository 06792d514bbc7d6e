//! What stands in the answers of `/rs`: the pure part. A field whose scope was not granted is left out (§4.4).

use std::collections::BTreeSet;

use esia::person::{
    Collection, Contact, ContactKind, Document, DocumentKind, Identifiable, Person, PersonStatus, Tagged, Verification,
    WireDate,
};

use crate::accounts::{Account, Level};

/// Names of the scopes that a token has and that consents in force still give.
pub(super) type Granted = BTreeSet<String>;

/// What `embed=(…)` asks for (§4.3). Names that are not here are ignored: clients ask for all that there ever was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Embed {
    /// `(elements)` of a collection.
    pub(super) elements: bool,
    /// `contacts`, `contacts.elements` of a person.
    pub(super) contacts: Option<Depth>,
    /// `documents`, `documents.elements` of a person.
    pub(super) documents: Option<Depth>,
}

/// How deep a collection is embedded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Addresses of its elements.
    Links,
    /// The elements.
    Elements,
}

impl Embed {
    /// Reads `(contacts.elements,documents.elements-1)`, `()`, or nothing.
    pub(super) fn parse(text: &str) -> Self {
        let mut embed = Self::default();
        for word in text.trim().trim_start_matches('(').trim_end_matches(')').split(',') {
            // `elements-1`: a schema's version.
            let word = word.trim().split('-').next().unwrap_or_default();
            let (name, depth) = match word.split_once('.') {
                None => (word, Depth::Links),
                Some((name, "elements")) => (name, Depth::Elements),
                Some(_) => continue,
            };
            match name {
                "elements" => embed.elements = true,
                "contacts" => embed.contacts = Some(depth),
                "documents" => embed.documents = Some(depth),
                _ => {}
            }
        }
        embed
    }
}

fn has(granted: &Granted, any_of: &[&str]) -> bool {
    any_of.iter().any(|name| granted.contains(*name))
}

/// Numbers of contacts and documents follow from that of the account.
fn number(account: &Account, place: u64) -> u64 {
    account.oid.get().wrapping_mul(10).wrapping_add(place)
}

/// The contacts that the scopes open; `None` when they open none at all.
pub(super) fn contacts(account: &Account, granted: &Granted) -> Option<Vec<Contact>> {
    let kinds = [(ContactKind::Eml, ["email", "contacts"]), (ContactKind::Mbt, ["mobile", "contacts"])];
    let opened: Vec<_> = kinds.into_iter().filter(|(_, scopes)| has(granted, scopes)).map(|(kind, _)| kind).collect();
    if opened.is_empty() {
        return None;
    }
    let contact = |kind| {
        let (place, value) = match kind {
            ContactKind::Eml => (1, account.email.as_ref().map(ToString::to_string)),
            _ => (2, account.phone.as_ref().map(ToString::to_string)),
        };
        let (state_facts, vrf_stu) = ([Identifiable::default()], Verification::Verified);
        value.map(|value| {
            Contact { state_facts, id: number(account, place), r#type: kind, value, vrf_stu, e_tag: None }.tagged()
        })
    };
    Some(opened.into_iter().filter_map(contact).collect())
}

/// The documents that the scopes open; `None` when they open none at all.
pub(super) fn documents(account: &Account, granted: &Granted) -> Option<Vec<Document>> {
    let (id_doc, birth) = (has(granted, &["id_doc"]), has(granted, &["birth_cert_doc"]));
    if !granted.iter().any(|name| name.ends_with("_doc")) {
        return None;
    }
    let passport = account.passport.as_ref().filter(|_| id_doc).map(|passport| Document {
        issue_date: Some(WireDate(passport.issued)),
        issued_by: Some(passport.issued_by.clone()),
        ..document(account, DocumentKind::RfPassport, (&passport.series, &passport.number))
    });
    let certificate =
        account.birth_certificate.as_ref().filter(|_| birth).map(|certificate| {
            document(account, DocumentKind::RfBrthCert, (certificate.series(), certificate.number()))
        });
    Some([passport, certificate].into_iter().flatten().map(Tagged::tagged).collect())
}

fn document(account: &Account, kind: DocumentKind, (series, doc_number): (&str, &str)) -> Document {
    // The registers have looked at whatever a standard account holds, and at a child's before its account was made.
    let is_verified = account.level >= Level::Standard || account.made_by.is_some();
    let id = number(account, if kind == DocumentKind::RfPassport { 1 } else { 2 });
    let status = if is_verified { Verification::Verified } else { Verification::NotVerified };
    Document { series: Some(series.to_owned()), number: Some(doc_number.to_owned()), ..Document::new(id, kind, status) }
}

/// A collection of a person as an answer shows it; `base` is its own address.
pub(super) fn collection<T: serde::Serialize>(
    items: Vec<T>,
    depth: Depth,
    base: &str,
    id: impl Fn(&T) -> u64,
) -> Collection<T> {
    match depth {
        Depth::Elements => Collection::items(items),
        Depth::Links => Collection::links(items.iter().map(|item| format!("{base}/{}", id(item))).collect()),
    }
    .tagged()
}

/// The person as the scopes show them; `base` is the person's own address.
pub(super) fn person(account: &Account, granted: &Granted, embed: Embed, base: &str) -> Person {
    let [fullname, birthdate, gender, snils] =
        ["fullname", "birthdate", "gender", "snils"].map(|name| has(granted, &[name]));
    let name = &account.name;
    let contacts = embed.contacts.zip(contacts(account, granted));
    let documents = embed.documents.zip(documents(account, granted));
    Person {
        first_name: fullname.then(|| name.first().to_owned()),
        last_name: fullname.then(|| name.last().to_owned()),
        middle_name: name.middle().filter(|_| fullname).map(str::to_owned),
        birth_date: account.born.filter(|_| birthdate).map(WireDate),
        gender: account.gender.filter(|_| gender),
        trusted: account.level == Level::Confirmed,
        // Everybody here is a citizen: seeds know no other passports.
        citizenship: has(granted, &["id_doc", "citizenship"]).then(|| "RUS".to_owned()),
        snils: account.snils.filter(|_| snils),
        updated_on: account.updated_at.timestamp(),
        status: PersonStatus::Registered,
        r_id_doc: account.passport.as_ref().map(|_| number(account, 1)),
        kid_acc_created_by_parent: account.made_by.is_some(),
        contacts: contacts.map(|(depth, items)| collection(items, depth, &format!("{base}/ctts"), |one| one.id)),
        documents: documents.map(|(depth, items)| collection(items, depth, &format!("{base}/docs"), |one| one.id)),
        ..Person::default()
    }
    .tagged()
}
