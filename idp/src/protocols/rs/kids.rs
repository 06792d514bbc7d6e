//! Part `/kids`: the cards of «Семья и дети». No real response to a relying party is public; the format is that of
//! ESIA §4.6.

use esia::person::{
    Collection, Contact, ContactKind, Document, DocumentKind, Identifiable, Kid, Tagged, Verification, WireDate,
};

use super::{
    model::Granted,
    parts::{birth_certificate, contact},
};
use crate::{
    portal::{
        accounts::Account,
        agencies::BirthDocument,
        family::{Card, Paper},
    },
    state::Gosuslugi,
};

/// Scopes that each open the collection. `kid_school_data` does too, although the portal has no data about schools.
pub(super) const KID_SCOPES: [&str; 10] = [
    "kid_fullname",
    "kid_birthdate",
    "kid_gender",
    "kid_snils",
    "kid_inn",
    "kid_birth_cert_doc",
    "kid_medical_doc",
    "kid_mobile",
    "kid_email",
    "kid_school_data",
];

/// Scopes that each open some of the documents on a card.
pub(super) const KID_DOCUMENTS: [&str; 2] = ["kid_birth_cert_doc", "kid_medical_doc"];

/// Returns the children of a person; `None` if no scope opens any of their data.
pub(super) fn kids(state: &Gosuslugi, account: &Account, granted: &Granted) -> Option<Vec<Kid>> {
    let cards = state.portal.family.of(account.oid);
    let is_open = KID_SCOPES.iter().any(|scope| granted.contains(*scope));
    is_open.then(|| cards.map(|card| kid(state, account, card, granted)).collect())
}

/// Returns the documents on a card; `None` if no scope opens any.
pub(super) fn kid_documents(card: &Card, granted: &Granted) -> Option<Vec<Document>> {
    let opens = |scope: &str| granted.contains(scope);
    if !KID_DOCUMENTS.iter().any(|scope| opens(scope)) {
        return None;
    }
    let birth = birth_document(card).filter(|_| opens("kid_birth_cert_doc"));
    let policy = card.paper(Paper::Oms).value.filter(|_| opens("kid_medical_doc")).map(|policy| Document {
        number: Some(policy.clone()),
        united_number: Some(policy),
        // No agency checks a medical policy.
        ..Document::new(document_number(card, 2), DocumentKind::MdclPlcy, Verification::NotVerified)
    });
    Some(birth.into_iter().chain(policy).map(Tagged::tagged).collect())
}

fn birth_document(card: &Card) -> Option<Document> {
    let checked = &card.certificate;
    let status = if checked.is_confirmed() { Verification::Verified } else { Verification::NotVerified };
    let (id, document) = (document_number(card, 1), checked.value.as_ref()?);
    Some(match (document, document.certificate()) {
        (_, Some(own)) => birth_certificate(id, document.kind(), own, Some(card.born), status),
        (foreign, None) => {
            let number = if let BirthDocument::Foreign(text) = foreign { Some(text.clone()) } else { None };
            Document { number, ..Document::new(id, DocumentKind::FidBrthCert, status) }
        }
    })
}

fn document_number(card: &Card, place: u64) -> u64 {
    card.id.0 * 100 + place
}

fn kid_contacts(child: Option<&Account>, granted: &Granted) -> Option<Vec<Contact>> {
    let (email, mobile) = (granted.contains("kid_email"), granted.contains("kid_mobile"));
    if !email && !mobile {
        return None;
    }
    let email = child.filter(|_| email).and_then(|child| Some((child, child.email.as_ref()?.to_string())));
    let mobile = child.filter(|_| mobile).and_then(|child| Some((child, child.phone?.to_string())));
    let email = email.map(|(child, value)| contact(child.oid, 1, ContactKind::Eml, value));
    let mobile = mobile.map(|(child, value)| contact(child.oid, 2, ContactKind::Mbt, value));
    Some(email.into_iter().chain(mobile).collect())
}

fn kid(state: &Gosuslugi, guardian: &Account, card: &Card, granted: &Granted) -> Kid {
    let opens = |scope: &str| granted.contains(scope);
    let (name, fullname) = (&card.name, opens("kid_fullname"));
    // A child who has registered alone and is not bound to the guardian is not yet connected with the card.
    let child = state.portal.bound_account(card).and_then(|oid| state.portal.accounts.get(oid));
    Kid {
        state_facts: [Identifiable::default()],
        id: card.id.0,
        oid: child.map(|child| child.oid),
        first_name: fullname.then(|| name.first().to_owned()),
        last_name: fullname.then(|| name.last().to_owned()),
        middle_name: name.middle().filter(|_| fullname).map(str::to_owned),
        birth_date: opens("kid_birthdate").then_some(WireDate(card.born)),
        gender: opens("kid_gender").then_some(card.gender),
        snils: card.snils.value.filter(|_| opens("kid_snils")),
        inn: card.paper(Paper::Inn).value.filter(|_| opens("kid_inn")),
        trusted: card.certificate.is_confirmed() && card.snils.is_confirmed(),
        updated_on: child.unwrap_or(guardian).updated_at.timestamp(),
        documents: kid_documents(card, granted).map(Collection::items),
        contacts: kid_contacts(child, granted).map(Collection::items),
        e_tag: None,
    }
    .tagged()
}
