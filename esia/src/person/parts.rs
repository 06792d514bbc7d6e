use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Identifiable;

/// Kind of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ContactKind {
    /// E-mail; scope `email`.
    Eml,
    /// Mobile phone; scope `mobile`.
    Mbt,
    /// Home phone; scope `contacts`.
    Phn,
    /// Corporate e-mail; scope `contacts`.
    Cem,
    /// Corporate phone; scope `contacts`.
    Cph,
    /// Phone of an organisation.
    Oph,
    /// E-mail of an organisation.
    Oem,
    /// Fax of an organisation.
    Ofx,
}

/// Whether something has been verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verification {
    /// `VERIFIED`: it has been verified.
    Verified,
    /// It has not.
    NotVerified,
}

/// An element of `/ctts` (ESIA §4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Contact {
    /// `stateFacts`, always `["Identifiable"]`.
    pub state_facts: [Identifiable; 1],
    /// Number of the contact.
    pub id: u64,
    /// E-mail, phone, …
    pub r#type: ContactKind,
    /// An e-mail or a phone: `anna@family.example`, `+7(000)0000006`.
    pub value: String,
    /// By letter or SMS.
    pub vrf_stu: Verification,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// Kind of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum AddressKind {
    /// Where the person lives.
    Plv,
    /// Where the person is registered.
    Prg,
    /// Temporary registration; only in newer versions of the API (ESIA §4.10).
    Pta,
    /// Where an organisation is.
    Ops,
    /// Where an organisation is registered.
    Olg,
}

/// An element of `/addrs` (ESIA §4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Address {
    /// `stateFacts`, always `["Identifiable"]`.
    pub state_facts: [Identifiable; 1],
    /// Number of the address.
    pub id: u64,
    /// Where one lives, is registered, …
    pub r#type: AddressKind,
    /// The address in one line, without house and flat.
    pub address_str: String,
    /// Number of the street in ФИАС.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fias_code: Option<String>,
    /// ISO 3166 alpha-3.
    pub country_id: String,
    /// Postal code, six digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zip_code: Option<String>,
    /// Region, as «Калининградская область».
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// District of a region.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area: Option<String>,
    /// Town or city.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// District of a town.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub district: Option<String>,
    /// Village or settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement: Option<String>,
    /// Street with its kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// Number of the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub house: Option<String>,
    /// Корпус of the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frame: Option<String>,
    /// Строение of the house.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub building: Option<String>,
    /// Number of the flat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flat: Option<String>,
    /// `0,0,0`: whether each part was picked from ФИАС.
    pub vrf_ddt: String,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// An element of `/vhls` (ESIA §4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Vehicle {
    /// `stateFacts`, always `["Identifiable"]`.
    pub state_facts: [Identifiable; 1],
    /// Number of the vehicle in ЕСИА.
    pub id: u64,
    /// What its owner calls it.
    pub name: String,
    /// Number plate, as `А123АА111`.
    pub number_plate: String,
    /// Свидетельство о регистрации.
    pub reg_certificate: RegCertificate,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// Certificate of a vehicle's registration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct RegCertificate {
    /// Four digits or letters.
    pub series: String,
    /// Six digits as text.
    pub number: String,
}
