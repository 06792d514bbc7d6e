//! What `/rs` answers (§4.3 to §4.6 of the protocol notes). A field whose scope was not granted is left out.

use std::{fmt, str::FromStr};

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::ids::{Oid, Snils, as_string};

/// A day as ЕСИА writes it: `26.05.2000`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct WireDate(pub NaiveDate);

as_string!(WireDate, "WireDate", "Дата: ДД.ММ.ГГГГ", "26.05.2000");

impl fmt::Display for WireDate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.format("%d.%m.%Y").fmt(f)
    }
}

/// Not a day in the form `dd.MM.yyyy`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("дата записывается как ДД.ММ.ГГГГ и должна быть в календаре")]
pub struct WireDateError;

impl WireDateError {
    /// Stable name for pages, logs and tests.
    pub const fn code(&self) -> &'static str {
        "date"
    }
}

impl FromStr for WireDate {
    type Err = WireDateError;

    fn from_str(text: &str) -> Result<Self, WireDateError> {
        let is_shaped = text.len() == 10
            && text
                .bytes()
                .enumerate()
                .all(|(at, byte)| if matches!(at, 2 | 5) { byte == b'.' } else { byte.is_ascii_digit() });
        let date = NaiveDate::parse_from_str(text, "%d.%m.%Y").ok().filter(|_| is_shaped);
        date.map(Self).ok_or(WireDateError)
    }
}

/// Entities that carry their own hash as `eTag`, 40 upper-case hex digits.
pub trait Tagged: Serialize + Sized {
    /// Where the tag stands.
    fn tag(&mut self) -> &mut Option<String>;

    /// With the tag computed from all the other fields: the first 20 bytes of SHA-256 of the JSON. How ЕСИА computes
    /// it is not public; clients only compare.
    #[must_use]
    fn tagged(mut self) -> Self {
        *self.tag() = None;
        // Values of these types always have a JSON form.
        let json = serde_json::to_vec(&self).unwrap_or_default();
        *self.tag() = Some(hex::encode_upper(&Sha256::digest(json)[..20]));
        self
    }
}

macro_rules! tagged {
    ($($type:ty),+) => {$(
        impl Tagged for $type {
            fn tag(&mut self) -> &mut Option<String> {
                &mut self.e_tag
            }
        }
    )+};
}
tagged!(Person, Contact, Document, Kid);

impl<T: Serialize> Tagged for Collection<T> {
    fn tag(&mut self) -> &mut Option<String> {
        &mut self.e_tag
    }
}

macro_rules! state_fact {
    ($name:ident, $wire:literal, $of:literal) => {
        #[doc = concat!("`stateFacts` of ", $of, ".")]
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
        pub enum $name {
            #[doc = concat!("`", $wire, "`.")]
            #[default]
            #[serde(rename = $wire)]
            $name,
        }
    };
}
state_fact!(EntityRoot, "EntityRoot", "a person or a document");
state_fact!(Identifiable, "Identifiable", "a contact or a child's card");
state_fact!(HasSize, "hasSize", "a collection");

/// `M` or `F`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Gender {
    /// Male.
    M,
    /// Female.
    F,
}

/// Whether the account is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PersonStatus {
    /// In use.
    #[default]
    Registered,
    /// Deleted.
    Deleted,
}

/// `/rs/prns/{oid}` (§4.4).
#[expect(clippy::struct_excessive_bools, reason = "so it is on the wire")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Person {
    /// Any scope.
    pub state_facts: [EntityRoot; 1],
    /// Scope `fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Scope `fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Scope `fullname`; absent also when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Scope `birthdate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<WireDate>,
    /// Scope `birthplace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<String>,
    /// Scope `gender`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Confirmed account. Any scope.
    #[serde(default)]
    pub trusted: bool,
    /// ISO 3166 alpha-3. Scope `id_doc` or `citizenship`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<String>,
    /// Scope `snils`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Twelve digits. Scope `inn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    /// Seconds since 1970. Any scope.
    #[serde(default)]
    pub updated_on: i64,
    /// Any scope.
    #[serde(default)]
    pub rfg_u_operator_check: bool,
    /// Any scope.
    #[serde(default)]
    pub status: PersonStatus,
    /// The data are being checked. Any scope.
    #[serde(default)]
    pub verifying: bool,
    /// `id` of the main identity document. Any scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r_id_doc: Option<u64>,
    /// Any scope.
    #[serde(default)]
    pub contains_up_cfm_code: bool,
    /// A child account that a parent made (recorded as `false` for adults; `true` is an inference). Any scope.
    #[serde(default)]
    pub kid_acc_created_by_parent: bool,
    /// With `embed=(contacts…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Collection<Contact>>,
    /// With `embed=(documents…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Collection<Document>>,
    /// With `embed=(kids…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kids: Option<Collection<Kid>>,
    /// See [`Tagged`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// A collection (§4.3): addresses of its elements, or with `embed=(elements)` the elements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Collection<T> {
    /// `hasSize`.
    pub state_facts: [HasSize; 1],
    /// How many elements the token may see.
    pub size: usize,
    /// See [`Tagged`]. Absent in collections inside an element.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
    /// Addresses or elements.
    pub elements: Elements<T>,
}

impl<T> Collection<T> {
    /// Absolute addresses, from the server's public base URL: clients follow them as they are.
    pub fn links(links: Vec<String>) -> Self {
        Self { state_facts: [HasSize::HasSize], size: links.len(), e_tag: None, elements: Elements::Links(links) }
    }

    /// The elements themselves.
    pub fn items(items: Vec<T>) -> Self {
        Self { state_facts: [HasSize::HasSize], size: items.len(), e_tag: None, elements: Elements::Items(items) }
    }

    /// The elements, if they are embedded; none of a list of addresses.
    pub fn as_items(&self) -> &[T] {
        match &self.elements {
            Elements::Items(items) => items,
            Elements::Links(_) => &[],
        }
    }
}

/// What stands in a [`Collection`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Elements<T> {
    /// Absolute addresses. An empty list is read as this one.
    Links(Vec<String>),
    /// The elements.
    Items(Vec<T>),
}

/// Kind of a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// Whether something has been verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Verification {
    /// It has.
    Verified,
    /// It has not.
    NotVerified,
}

/// An element of `/ctts` (§4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// `Identifiable`.
    pub state_facts: [Identifiable; 1],
    /// Number of the contact.
    pub id: u64,
    /// E-mail, phone, …
    pub r#type: ContactKind,
    /// `anna@family.example`, `+7(000)0000006`.
    pub value: String,
    /// By letter or SMS.
    pub vrf_stu: Verification,
    /// See [`Tagged`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// Kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DocumentKind {
    /// Passport of the Russian Federation; scope `id_doc`.
    RfPassport,
    /// Foreign identity document; scope `id_doc`.
    FidDoc,
    /// Driving licence; scope `drivers_licence_doc`.
    RfDrivingLicense,
    /// Military id; scope `military_doc`.
    MltrId,
    /// Passport for travelling abroad; scope `foreign_passport_doc`.
    FrgnPass,
    /// Health insurance policy (ОМС); scope `medical_doc` or `kid_medical_doc`.
    MdclPlcy,
    /// Russian birth certificate; scope `birth_cert_doc` or `kid_birth_cert_doc`.
    RfBrthCert,
    /// Soviet birth certificate; the same scopes.
    OldBrthCert,
    /// Foreign birth certificate; the same scopes.
    FidBrthCert,
    /// Certificate of paternity.
    FatherhoodCert,
    /// Certificate of a change of name.
    NameChangeCert,
}

/// An element of `/docs` (§4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    /// `EntityRoot`.
    pub state_facts: [EntityRoot; 1],
    /// Number of the document in ЕСИА.
    pub id: u64,
    /// Passport, certificate, …
    pub r#type: DocumentKind,
    /// By the state's registers.
    pub vrf_stu: Verification,
    /// Series, if the kind has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<String>,
    /// Number on the document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// Day of issue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue_date: Option<WireDate>,
    /// Six digits of the office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issue_id: Option<String>,
    /// The office.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_by: Option<String>,
    /// Last day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<WireDate>,
    /// Number of the act, birth certificates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act_no: Option<String>,
    /// Day of the act, birth certificates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act_date: Option<WireDate>,
    /// See [`Tagged`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// An element of `/kids`, the card of a child in a parent's profile (§4.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Kid {
    /// `Identifiable`.
    pub state_facts: [Identifiable; 1],
    /// Number of the card, not of an account.
    pub id: u64,
    /// The child's account, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oid: Option<Oid>,
    /// Scope `kid_fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Scope `kid_fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Scope `kid_fullname`; absent also when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Scope `kid_birthdate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<WireDate>,
    /// Scope `kid_gender`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Scope `kid_snils`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Scope `kid_inn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    /// The child's data are confirmed.
    #[serde(default)]
    pub trusted: bool,
    /// Seconds since 1970.
    #[serde(default)]
    pub updated_on: i64,
    /// Scope `kid_birth_cert_doc`, `kid_medical_doc`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Collection<Document>>,
    /// Scope `kid_email`, `kid_mobile`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Collection<Contact>>,
    /// See [`Tagged`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

#[cfg(test)]
mod tests;
