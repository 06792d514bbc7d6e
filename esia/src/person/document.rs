use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EntityRoot, Verification, WireDate};

/// Kind of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
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
    /// Residence permit of a foreigner (вид на жительство); scope `residence_doc`.
    RsdncPermit,
    /// Certificate of paternity.
    FatherhoodCert,
    /// Certificate of a change of name.
    NameChangeCert,
}

/// An element of `/docs` (ESIA §4.5).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Document {
    /// `stateFacts`, always `["EntityRoot"]`.
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
    /// The office that issued it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issued_by: Option<String>,
    /// Last day of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry_date: Option<WireDate>,
    /// Number of the act, birth certificates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act_no: Option<String>,
    /// Day of the act, birth certificates only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act_date: Option<WireDate>,
    /// Latin given name, passports for travelling abroad only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// Latin surname, passports for travelling abroad only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Sixteen digits, health insurance policies only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub united_number: Option<String>,
    /// The insurer, health insurance policies only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medical_org: Option<String>,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

impl Document {
    /// A document of which no more is known than what every document has.
    pub fn new(id: u64, kind: DocumentKind, vrf_stu: Verification) -> Self {
        Self {
            state_facts: [EntityRoot::default()],
            id,
            r#type: kind,
            vrf_stu,
            series: None,
            number: None,
            issue_date: None,
            issue_id: None,
            issued_by: None,
            expiry_date: None,
            act_no: None,
            act_date: None,
            first_name: None,
            last_name: None,
            united_number: None,
            medical_org: None,
            e_tag: None,
        }
    }
}
