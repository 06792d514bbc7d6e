//! Contacts, addresses, documents and vehicles of a person (ESIA §4.5). Each function returns `None` if the scopes open
//! nothing of its kind, otherwise only what they open.

use chrono::NaiveDate;
use esia::{
    BirthCertificate, Oid,
    person::{
        Address, AddressKind, Contact, ContactKind, Document, DocumentKind, Identifiable, RegCertificate, Tagged,
        Vehicle, Verification, WireDate,
    },
};

use super::model::{Granted, has, number};
use crate::portal::{
    accounts::{Account, Level, OwnAddress, OwnDocument, OwnVehicle, Passport},
    agencies::BirthKind,
};

/// Scopes that each open all contacts or some of them.
pub(super) const CONTACTS: [&str; 3] = ["contacts", "email", "mobile"];
/// Scopes that each open the addresses.
pub(super) const ADDRESSES: [&str; 2] = ["contacts", "addresses"];
/// Scopes that each open the vehicles.
pub(super) const VEHICLES: [&str; 1] = ["vehicles"];

/// Kinds of documents that each scope opens (ESIA §4.8).
const DOCUMENT_SCOPES: [(&str, &[DocumentKind]); 8] = [
    ("id_doc", &[DocumentKind::RfPassport, DocumentKind::FidDoc]),
    ("birth_cert_doc", &[DocumentKind::RfBrthCert, DocumentKind::OldBrthCert, DocumentKind::FidBrthCert]),
    ("drivers_licence_doc", &[DocumentKind::RfDrivingLicense]),
    ("foreign_passport_doc", &[DocumentKind::FrgnPass]),
    ("military_doc", &[DocumentKind::MltrId]),
    ("medical_doc", &[DocumentKind::MdclPlcy]),
    ("residence_doc", &[DocumentKind::RsdncPermit]),
    // ЕСИА's name for a permit of temporary residence is not public: the scope opens the collection, but no document in
    // it.
    ("temporary_residence_doc", &[]),
];

/// Scopes that each open some of the documents.
pub(super) const DOCUMENTS: [&str; 8] = {
    let mut names = [""; 8];
    let mut at = 0;
    while at < names.len() {
        names[at] = DOCUMENT_SCOPES[at].0;
        at += 1;
    }
    names
};

/// First number of a profile's documents; passport and birth certificate have lower ones.
const FIRST_DOCUMENT: u64 = 10;

pub(super) fn contact(owner: Oid, place: u64, kind: ContactKind, value: String) -> Contact {
    // Only these two kinds can be verified.
    let is_verified = matches!(kind, ContactKind::Eml | ContactKind::Mbt);
    let vrf_stu = if is_verified { Verification::Verified } else { Verification::NotVerified };
    let state_facts = [Identifiable::default()];
    Contact { state_facts, id: number(owner, place), r#type: kind, value, vrf_stu, e_tag: None }.tagged()
}

/// Part `/ctts`: the person's contacts.
pub(super) fn contacts(account: &Account, granted: &Granted) -> Option<Vec<Contact>> {
    let all = has(granted, &["contacts"]);
    let (email, mobile) = (has(granted, &["email", "contacts"]), has(granted, &["mobile", "contacts"]));
    if !has(granted, &CONTACTS) {
        return None;
    }
    let profile = &account.profile;
    let known = [
        (1, ContactKind::Eml, email, account.email.as_ref().map(ToString::to_string)),
        (2, ContactKind::Mbt, mobile, account.phone.map(|phone| phone.to_string())),
        (3, ContactKind::Phn, all, profile.home_phone.map(|phone| phone.to_string())),
        (4, ContactKind::Cem, all, profile.work_email.as_ref().map(ToString::to_string)),
        (5, ContactKind::Cph, all, profile.work_phone.map(|phone| phone.to_string())),
    ];
    let opened = known.into_iter().filter(|(_, _, is_open, _)| *is_open);
    Some(opened.filter_map(|(place, kind, _, value)| Some(contact(account.oid, place, kind, value?))).collect())
}

/// Part `/addrs`. Only newer versions of the API include a temporary registration (ESIA §4.10).
pub(super) fn addresses(account: &Account, granted: &Granted, is_newer: bool) -> Option<Vec<Address>> {
    let shown = |address: &&OwnAddress| is_newer || address.kind != AddressKind::Pta;
    let own = account.profile.addresses.iter().filter(shown);
    has(granted, &ADDRESSES).then(|| own.zip(1..).map(|(own, place)| address(account.oid, place, own)).collect())
}

pub(super) fn address(owner: Oid, place: u64, own: &OwnAddress) -> Address {
    Address {
        state_facts: [Identifiable::default()],
        id: number(owner, place),
        r#type: own.kind,
        address_str: own.line(),
        fias_code: own.fias.clone(),
        country_id: "RUS".to_owned(),
        zip_code: own.zip.clone(),
        region: own.region.clone(),
        area: own.area.clone(),
        city: own.city.clone(),
        district: own.district.clone(),
        settlement: own.settlement.clone(),
        street: own.street.clone(),
        house: own.house.clone(),
        frame: own.frame.clone(),
        building: own.building.clone(),
        flat: own.flat.clone(),
        vrf_ddt: "0,0,0".to_owned(),
        e_tag: None,
    }
    .tagged()
}

/// Part `/vhls`: the person's vehicles.
pub(super) fn vehicles(account: &Account, granted: &Granted) -> Option<Vec<Vehicle>> {
    let own = account.profile.vehicles.iter().zip(1..);
    has(granted, &VEHICLES).then(|| own.map(|(own, place)| vehicle(account.oid, place, own)).collect())
}

pub(super) fn vehicle(owner: Oid, place: u64, own: &OwnVehicle) -> Vehicle {
    Vehicle {
        state_facts: [Identifiable::default()],
        id: number(owner, place),
        name: own.name.clone(),
        number_plate: own.plate.clone(),
        reg_certificate: RegCertificate { series: own.series.clone(), number: own.number.clone() },
        e_tag: None,
    }
    .tagged()
}

/// Part `/docs`: the person's documents.
pub(super) fn documents(account: &Account, granted: &Granted) -> Option<Vec<Document>> {
    let scopes: Vec<_> = DOCUMENT_SCOPES.iter().filter(|(scope, _)| has(granted, &[scope])).collect();
    if scopes.is_empty() {
        return None;
    }
    let opened = |document: &Document| scopes.iter().any(|(_, kinds)| kinds.contains(&document.r#type));
    Some(all_documents(account).filter(opened).map(Tagged::tagged).collect())
}

/// Returns the `id` of the person's identity document.
pub(super) fn identity_document(account: &Account) -> Option<u64> {
    let proves = |document: &Document| matches!(document.r#type, DocumentKind::RfPassport | DocumentKind::FidDoc);
    all_documents(account).find(proves).map(|document| document.id)
}

fn all_documents(account: &Account) -> impl Iterator<Item = Document> {
    // The agencies have checked all documents of a standard account, and those of a child before its account was
    // created.
    let is_verified = account.level >= Level::Standard || account.made_by.is_some();
    let status = |is_verified| if is_verified { Verification::Verified } else { Verification::NotVerified };
    let passport = account.passport.as_ref().map(|own| passport(account, own, status(is_verified)));
    let certificate = account.birth_certificate.as_ref().map(|own| {
        let id = number(account.oid, 2);
        birth_certificate(id, BirthKind::Russian, own, account.born, status(is_verified))
    });
    let own = account.profile.documents.iter().zip(FIRST_DOCUMENT..);
    let own = own.map(move |(own, place)| own_document(number(account.oid, place), own, status(!own.unverified)));
    passport.into_iter().chain(certificate).chain(own)
}

fn passport(account: &Account, own: &Passport, status: Verification) -> Document {
    Document {
        series: Some(own.series.clone()),
        number: Some(own.number.clone()),
        issue_date: Some(WireDate(own.issued)),
        issue_id: own.office.clone(),
        issued_by: Some(own.issued_by.clone()),
        ..Document::new(number(account.oid, 1), DocumentKind::RfPassport, status)
    }
}

/// Returns a birth certificate. Seeds and cards know only its number, but clients expect the civil act as well: its
/// date is the day of birth, its number that of the certificate without leading zeros.
pub(super) fn birth_certificate(
    id: u64,
    kind: BirthKind,
    own: &BirthCertificate,
    born: Option<NaiveDate>,
    status: Verification,
) -> Document {
    let kind = match kind {
        BirthKind::Russian | BirthKind::Consular => DocumentKind::RfBrthCert,
        BirthKind::Ussr => DocumentKind::OldBrthCert,
        BirthKind::Foreign => DocumentKind::FidBrthCert,
    };
    Document {
        series: Some(own.series().to_owned()),
        number: Some(own.number().to_owned()),
        issue_date: born.map(WireDate),
        issued_by: Some("Отдел ЗАГС".to_owned()),
        act_no: Some(own.number().trim_start_matches('0').to_owned()),
        act_date: born.map(WireDate),
        ..Document::new(id, kind, status)
    }
}

fn own_document(id: u64, own: &OwnDocument, status: Verification) -> Document {
    let is_policy = own.kind == DocumentKind::MdclPlcy;
    Document {
        series: own.series.clone(),
        number: Some(own.number.clone()),
        issue_date: own.issued.map(WireDate),
        issue_id: own.office.clone(),
        issued_by: own.issued_by.clone(),
        expiry_date: own.expires.map(WireDate),
        first_name: own.first_name.clone(),
        last_name: own.last_name.clone(),
        united_number: Some(own.number.clone()).filter(|_| is_policy),
        medical_org: own.medical_org.clone(),
        ..Document::new(id, own.kind, status)
    }
}
