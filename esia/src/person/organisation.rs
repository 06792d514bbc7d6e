use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{EntityRoot, Identifiable};
use crate::ids::Oid;

/// Kind of an organisation (ESIA §4.7).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum OrganisationKind {
    /// Юридическое лицо, `LEGAL`.
    Legal,
    /// Индивидуальный предприниматель, `BUSINESS`.
    Business,
    /// Орган государственной власти, `AGENCY`.
    Agency,
}

/// An element of `/rs/prns/{oid}/roles` (ESIA §4.7): a person in an organisation.
#[expect(clippy::struct_excessive_bools, reason = "so it is on the wire")]
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Role {
    /// The organisation's oid.
    pub oid: Oid,
    /// The person's oid.
    pub prn_oid: Oid,
    /// Full name of the organisation.
    pub full_name: String,
    /// Short name of the organisation.
    pub short_name: String,
    /// ОГРН or ОГРНИП.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<String>,
    /// What it is.
    pub r#type: OrganisationKind,
    /// The person is its head.
    pub chief: bool,
    /// The person administers its profile.
    pub admin: bool,
    /// The person's phone there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The person's e-mail there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether it is not blocked.
    pub active: bool,
    /// As recorded, `true` for heads.
    pub has_right_of_substitution: bool,
    /// As recorded, `false`.
    pub has_approval_tab_access: bool,
    /// It is no more.
    pub is_liquidated: bool,
}

/// `/rs/orgs/{oid}` (ESIA §4.7). Each field but the first and the last three has a scope of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Organisation {
    /// `stateFacts`, always `["EntityRoot"]`.
    pub state_facts: [EntityRoot; 1],
    /// The organisation's oid.
    pub oid: Oid,
    /// With scope `org_fullname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub full_name: Option<String>,
    /// With scope `org_shortname`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub short_name: Option<String>,
    /// With scope `org_type`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r#type: Option<OrganisationKind>,
    /// With scope `org_ogrn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ogrn: Option<String>,
    /// With scope `org_inn`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inn: Option<String>,
    /// With scope `org_kpp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kpp: Option<String>,
    /// Code of the legal form (ОКОПФ). Scope `org_leg`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub leg: Option<String>,
    /// Agencies only. Scope `org_agencytype`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency_type: Option<String>,
    /// Agencies only. Scope `org_agencyterrange`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agency_ter_range: Option<String>,
    /// With scope `org_oktmo`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oktmo: Option<String>,
    /// How many work there.
    pub staff_count: usize,
    /// How many branches it has.
    pub branches_count: usize,
    /// It is no more.
    pub is_liquidated: bool,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// An element of `/rs/orgs/{oid}/emps`. No answer of the real one is public; the names are those of [`Role`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Employee {
    /// `stateFacts`, always `["Identifiable"]`.
    pub state_facts: [Identifiable; 1],
    /// The person's oid.
    pub prn_oid: Oid,
    /// The organisation's oid.
    pub org_oid: Oid,
    /// What the person is there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub position: Option<String>,
    /// The person is its head.
    pub chief: bool,
    /// The person administers its profile.
    pub admin: bool,
    /// The person's phone there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// The person's e-mail there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether it is not blocked.
    pub active: bool,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}

/// An element of `/rs/orgs/{oid}/grps` and of an employee's `/grps`. No answer of the real one is public.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Group {
    /// `stateFacts`, always `["Identifiable"]`.
    pub state_facts: [Identifiable; 1],
    /// Mnemonic of the group.
    #[serde(rename = "grp_id")]
    pub id: String,
    /// For a reader.
    pub name: String,
    /// Mnemonic of the system whose group it is; none for groups of ЕСИА itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub it_system: Option<String>,
    /// It belongs to ЕСИА itself.
    pub system: bool,
    /// Hash of the other fields, see [`Tagged`](super::Tagged).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub e_tag: Option<String>,
}
