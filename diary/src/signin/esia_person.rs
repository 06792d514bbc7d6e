//! Conversion of a person from ЕСИА's `/rs/prns` (ESIA §4) for comparison with the register.

use chrono::NaiveDate;
use esia::{
    BirthCertificate, FullName,
    language::{Told, Words},
    person::{Collection, ContactKind, DocumentKind, Person, Verification},
    token::Level,
};

use super::{esia_tokens::Identity, provider_error::ProviderError};
use crate::register::{Presented, needs_passport};

const WHAT: Words = Words { russian: "данные человека", english: "data of the person" };

/// Extracts the data that are compared with the register.
///
/// # Errors
/// Fails if the name is not valid.
pub(super) fn present(identity: &Identity, person: &Person, today: NaiveDate) -> Result<Presented, ProviderError> {
    let name = match (&person.last_name, &person.first_name) {
        (Some(last), Some(first)) => Some(full_name(WHAT, last, first, person.middle_name.as_deref())?),
        _ => None,
    };
    let born = person.birth_date.map(|date| date.0);
    let passport_only = needs_passport(born.and_then(|born| today.years_since(born)));
    let documents = || person.documents.iter().flat_map(Collection::as_items);
    let of_identity = |kind| kind == DocumentKind::RfPassport || (kind == DocumentKind::RfBrthCert && !passport_only);
    let mut identifying = documents().filter(|document| of_identity(document.r#type));
    let has_document = identifying.clone().next().is_some();
    let certificates = documents()
        .filter(|document| document.r#type == DocumentKind::RfBrthCert)
        .filter_map(|document| BirthCertificate::new(document.series.as_deref()?, document.number.as_deref()?).ok());
    let contacts = person.contacts.iter().flat_map(Collection::as_items);
    let phones = contacts.filter(|contact| contact.r#type == ContactKind::Mbt);
    Ok(Presented {
        oid: identity.oid,
        name,
        snils: person.snils,
        born,
        certificates: certificates.collect(),
        phones: phones.filter_map(|contact| contact.value.parse().ok()).collect(),
        has_document,
        has_verified_document: identifying.any(|document| document.vrf_stu == Verification::Verified),
        is_trusted: person.trusted,
        is_child_account: identity.level == Some(Level::Kd),
    })
}

/// Builds a full name from its parts.
///
/// # Errors
/// Fails if the parts are not a valid name.
pub(super) fn full_name(what: Words, last: &str, first: &str, middle: Option<&str>) -> Result<FullName, ProviderError> {
    FullName::new(last, first, middle).map_err(|error| ProviderError::Junk { what, reason: Told::from_display(error) })
}
