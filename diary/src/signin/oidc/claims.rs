//! Conversion of a person from the provider's userinfo (README, *OpenID Connect*) for comparison with the register.

use chrono::NaiveDate;
use esia::{
    BirthCertificate, Oid,
    language::{Words, both},
};
use openidconnect::{AdditionalClaims, UserInfoClaims, core::CoreGenderClaim};
use serde::{Deserialize, Serialize};

use crate::{
    register::{Presented, needs_passport},
    signin::{esia_person::full_name, provider_error::ProviderError},
};

/// Name of the userinfo request in errors.
pub(super) const USERINFO: Words = Words { russian: "данные человека", english: "data of the person" };

/// Claims of Gosuslugi in addition to the standard ones.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct PersonClaims {
    snils: Option<String>,
    birth_certificate: Option<Paper>,
    id_document: Option<Paper>,
    /// Whether the account is confirmed.
    #[serde(default)]
    pub(super) trusted: bool,
    /// Whether it is a child account.
    #[serde(default)]
    pub(super) child_account: bool,
}

impl AdditionalClaims for PersonClaims {}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Paper {
    series: Option<String>,
    number: Option<String>,
    #[serde(default)]
    verified: bool,
}

/// Claims of a userinfo response.
pub(super) type Claims = UserInfoClaims<PersonClaims, CoreGenderClaim>;

/// Extracts the data that are compared with the register.
///
/// # Errors
/// Fails if a claim does not have the format of its name.
pub(super) fn present(oid: Oid, claims: &Claims, today: NaiveDate) -> Result<Presented, ProviderError> {
    let family = claims.additional_claims();
    let part = |named: Option<&str>| named.map(str::to_owned);
    let last = part(claims.family_name().and_then(|name| name.get(None)).map(|name| name.as_str()));
    let first = part(claims.given_name().and_then(|name| name.get(None)).map(|name| name.as_str()));
    let middle = part(claims.middle_name().and_then(|name| name.get(None)).map(|name| name.as_str()));
    let name = match (&last, &first) {
        (Some(last), Some(first)) => Some(full_name(USERINFO, last, first, middle.as_deref())?),
        _ => None,
    };
    let junk = |claim: &str| ProviderError::Junk {
        what: USERINFO,
        reason: both!("{claim} не читается", "{claim} cannot be read"),
    };
    let read = |date: &str| NaiveDate::parse_from_str(date, "%Y-%m-%d").map_err(|_| junk("birthdate"));
    let born = claims.birthdate().map(|date| read(date)).transpose()?;
    let snils = family.snils.as_deref().map(|snils| snils.parse().map_err(|_| junk("snils"))).transpose()?;
    let passport_only = needs_passport(born.and_then(|born| today.years_since(born)));
    let identifying: Vec<&Paper> =
        family.id_document.iter().chain(family.birth_certificate.iter().filter(|_| !passport_only)).collect();
    let certificate = family
        .birth_certificate
        .as_ref()
        .and_then(|paper| BirthCertificate::new(paper.series.as_deref()?, paper.number.as_deref()?).ok());
    Ok(Presented {
        oid,
        name,
        snils,
        born,
        certificates: certificate.into_iter().collect(),
        phones: claims.phone_number().and_then(|phone| phone.parse().ok()).into_iter().collect(),
        has_document: !identifying.is_empty(),
        has_verified_document: identifying.iter().any(|paper| paper.verified),
        is_trusted: family.trusted,
        is_child_account: family.child_account,
    })
}
