use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Address, Collection, Contact, Document, EntityRoot, Gender, Kid, Role, Vehicle, WireDate};
use crate::ids::{Oid, Snils};

/// Whether the account is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PersonStatus {
    /// The account is in use.
    #[default]
    Registered,
    /// The account was deleted.
    Deleted,
}

/// `/rs/prns/{oid}` (ESIA §4.4).
#[expect(clippy::struct_excessive_bools, reason = "so it is on the wire")]
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Person {
    /// Present with any scope.
    pub state_facts: [EntityRoot; 1],
    /// With scope `fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<String>,
    /// With scope `fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<String>,
    /// Scope `fullname`; absent also when there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// With scope `birthdate`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_date: Option<WireDate>,
    /// With scope `birthplace`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_place: Option<String>,
    /// With scope `gender`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gender: Option<Gender>,
    /// Confirmed account. Any scope.
    #[serde(default)]
    pub trusted: bool,
    /// ISO 3166 alpha-3. Scope `id_doc` or `citizenship`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub citizenship: Option<String>,
    /// With scope `snils`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Twelve digits. Scope `inn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    /// Seconds since 1970. Any scope.
    #[serde(default)]
    pub updated_on: i64,
    /// Present with any scope.
    #[serde(default)]
    pub rfg_u_operator_check: bool,
    /// Present with any scope.
    #[serde(default)]
    pub status: PersonStatus,
    /// The data are being checked. Any scope.
    #[serde(default)]
    pub verifying: bool,
    /// `id` of the main identity document. Any scope.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r_id_doc: Option<u64>,
    /// Present with any scope.
    #[serde(default)]
    pub contains_up_cfm_code: bool,
    /// A child account that a parent made (recorded as `false` for adults; `true` is an inference). Any scope.
    #[serde(default)]
    pub kid_acc_created_by_parent: bool,
    /// Налог на профессиональный доход. Scope `self_employed`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub self_employed: Option<SelfEmployed>,
    /// Present with `embed=(contacts…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contacts: Option<Collection<Contact>>,
    /// Present with `embed=(addresses…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub addresses: Option<Collection<Address>>,
    /// Present with `embed=(documents…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Collection<Document>>,
    /// Present with `embed=(vehicles…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vehicles: Option<Collection<Vehicle>>,
    /// Present with `embed=(organizations…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub organizations: Option<Collection<Role>>,
    /// Present with `embed=(kids…)`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kids: Option<Collection<Kid>>,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// `selfEmployed` of a person. How the day is written is not public; this is how all other days are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SelfEmployed {
    /// ФНС has confirmed it.
    pub confirmed: bool,
    /// Day of registration as self-employed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub confirm_date: Option<WireDate>,
}

/// `/rs/prns/{oid}/ctx`, how far the account has come. Relying parties have recorded none; names and values are those of
/// the portal (ESIA §6.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct RegContext {
    /// `stateFacts`, always `["EntityRoot"]`.
    pub state_facts: [EntityRoot; 1],
    /// Who registered the person: `SLF`, the person.
    pub reg_type: String,
    /// `PS`, `PR`, `PV`, `PT` or `KD`.
    pub reg_ctx_cfm_ste: String,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// `/rs/sbjs`, whose token it is. No answer of the real one is public; these are the facts that id tokens hold (ESIA §3.7).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct SubjectInfo {
    /// `stateFacts`, always `["EntityRoot"]`.
    pub state_facts: [EntityRoot; 1],
    /// The person's oid.
    pub oid: Oid,
    /// `P`, a natural person.
    pub r#type: String,
    /// `P`, `PR` or `KD`.
    pub level: crate::token::Level,
    /// Whether the account is confirmed.
    pub trusted: bool,
    /// `OID.` and the number, as `OID.1000299654`.
    pub name: String,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}
