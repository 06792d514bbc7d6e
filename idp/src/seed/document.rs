//! The `gosuslugi` section of a seed document.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use esia::{BirthCertificate, Email, FullName, Mnemonic, Oid, Phone, Snils, person::Gender};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::people::Residents;
use crate::{
    clients::ClientSpec,
    portal::{
        accounts::{Level, Passport, Profile, Role},
        agencies::{AgencySettings, BirthKind},
        organisations::OrganisationSpec,
    },
    settings::Settings,
};

/// The `gosuslugi` section of a seed document.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Seed {
    /// How the portal behaves.
    pub settings: Settings,
    /// How ЗАГС, СФР and МВД answer.
    pub agencies: AgencySettings,
    /// Who lives in this world.
    pub people: Residents,
    /// Cards in «Семья и дети».
    pub families: Vec<FamilyCard>,
    /// Child accounts bound to guardians.
    pub bindings: Vec<Binding>,
    /// Consents in force from the start.
    pub consents: Vec<SeedConsent>,
    /// Client systems.
    pub clients: Vec<ClientSpec>,
    /// Client systems that the program was started with (`--client`): it writes them here itself when it makes a world.
    /// One that `clients` names too is passed over.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clients_of_settings: Vec<ClientSpec>,
    /// Organisations, by a short name.
    pub organisations: BTreeMap<String, OrganisationSpec>,
}

/// Somebody who lives in the world. ЗАГС, СФР and МВД know what stands here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Person {
    /// Фамилия Имя Отчество.
    pub name: FullName,
    /// Who this is in the story, for the table of people.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub about: String,
    /// Пол.
    pub gender: Gender,
    /// Day of birth: `2012-11-23` or `23.11.2012`.
    #[serde(deserialize_with = "worlds::day::deserialize_day")]
    pub born: NaiveDate,
    /// СНИЛС, up to 001-001-998: no real person has one of these.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Birth certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<BirthCertificate>,
    /// Who issued that certificate; not `foreign`.
    #[serde(default, skip_serializing_if = "is_russian")]
    pub birth_certificate_kind: BirthKind,
    /// A foreign document about the birth, for who has no certificate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub foreign_birth_document: Option<String>,
    /// Свидетельство об отцовстве, as ЗАГС knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paternity_certificate: Option<BirthCertificate>,
    /// Свидетельство о перемене имени, as ЗАГС knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_change_certificate: Option<BirthCertificate>,
    /// Passport.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passport: Option<Passport>,
    /// Account on Gosuslugi, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<SeedAccount>,
    /// What goes wrong on purpose for whoever signs in as this person: the name of a fault, as `claim.aud-other`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<String>,
    /// What else the account holds: further documents, addresses, vehicles.
    #[serde(default, skip_serializing_if = "Profile::is_empty")]
    pub profile: Profile,
}

/// An account that is there from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedAccount {
    /// Its number; the next free one when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oid: Option<Oid>,
    /// E-mail, a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Mobile phone, a login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<Phone>,
    /// Password.
    pub password: String,
    /// How sure the state is of the owner.
    #[serde(default)]
    pub level: Level,
    /// The guardian who made it; binds it as well.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub made_by: Option<String>,
    /// Organisations that the person acts for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
}

/// A child's card in a guardian's account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct FamilyCard {
    /// Whose account.
    pub guardian: String,
    /// Whose card.
    pub child: String,
    /// What was typed otherwise than it is.
    #[serde(default)]
    pub card: Typed,
    /// Whether ЗАГС and СФР have looked at it already.
    #[serde(default = "yes")]
    pub checked: bool,
}

/// What a guardian typed wrongly.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Typed {
    /// Фамилия Имя Отчество.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<FullName>,
    /// Day of birth.
    #[serde(skip_serializing_if = "Option::is_none", deserialize_with = "worlds::day::deserialize_any_day")]
    pub born: Option<NaiveDate>,
    /// СНИЛС.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub snils: Option<Snils>,
    /// Birth certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<BirthCertificate>,
}

/// A child account bound to a guardian's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Binding {
    /// The guardian.
    pub guardian: String,
    /// The child.
    pub child: String,
}

/// A consent that is in force from the start.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SeedConsent {
    /// Whose data.
    pub subject: String,
    /// Who consented.
    pub given_by: String,
    /// Which system.
    pub client: Mnemonic,
    /// Which scopes.
    pub scopes: BTreeSet<String>,
    /// What for.
    #[serde(default)]
    pub purpose: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it so")]
fn is_russian(kind: &BirthKind) -> bool {
    *kind == BirthKind::Russian
}

fn yes() -> bool {
    true
}
