use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Collection, Contact, Document, Gender, Identifiable, WireDate};
use crate::ids::{Oid, Snils};

/// An element of `/kids`, the card of a child in a parent's profile (ESIA §4.6).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Kid {
    /// `stateFacts`, always `["Identifiable"]`.
    pub state_facts: [Identifiable; 1],
    /// Number of the card, not of an account.
    pub id: u64,
    /// The child's account, when there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oid: Option<Oid>,
    /// With scope `kid_fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// With scope `kid_fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Scope `kid_fullname`; absent also when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// With scope `kid_birthdate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<WireDate>,
    /// With scope `kid_gender`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// With scope `kid_snils`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// With scope `kid_inn`.
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
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}
