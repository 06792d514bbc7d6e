//! The whole section `diary`, the provider of sign-ins and the generated school.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    lessons::{AttendanceSeed, HomeworkSeed, MarkSeed},
    people::{ParentSeed, PupilSeed, StaffSeed},
    school::{ClassSeed, OtherSchoolSeed, SchoolSeed, TermSeed},
};
use crate::{profile::ProfileSeed, signin::Protocol};

/// Section `diary` of a seed document: the provider and the school's register.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Seed {
    /// Gosuslugi, as this diary knows them.
    pub provider: ProviderSeed,
    /// How things are done where the school is: the name of a built-in profile, or a profile of one's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileSeed>,
    /// The first school.
    pub school: SchoolSeed,
    /// Other schools by key.
    pub schools: BTreeMap<String, OtherSchoolSeed>,
    /// The first day without passwords for everybody, `ГГГГ-ММ-ДД`, instead of the profile's days (R000.1).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub password_until: Option<String>,
    /// Parents in the school's journal by key.
    pub parents: BTreeMap<String, ParentSeed>,
    /// Pupils by key.
    pub pupils: BTreeMap<String, PupilSeed>,
    /// Administrators of the school's side by key.
    pub staff: BTreeMap<String, StaffSeed>,
    /// Classes by name, as `7А`.
    pub classes: BTreeMap<String, ClassSeed>,
    /// Marks of the pupils named here.
    pub marks: Vec<MarkSeed>,
    /// Lessons that were missed, or begun late.
    pub attendance: Vec<AttendanceSeed>,
    /// Homework of classes by lesson.
    pub homework: Vec<HomeworkSeed>,
    /// Terms of the school year; the usual four by default.
    pub terms: Vec<TermSeed>,
    /// A school made up from the world's seed, beside the people named here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub generate: Option<GenerateSeed>,
}

/// What to make up. It all goes to the first school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GenerateSeed {
    /// Number of pupils, 25 in a class, each with two parents; each class has a teacher, a timetable, marks, attendance
    /// and homework. At most 20000.
    #[schemars(range(min = 1, max = 20_000))]
    pub pupils: u32,
}

/// The provider of sign-ins.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ProviderSeed {
    /// Base URL. Default: the server's `--idp`, and `/w/{name}` for any world but `main`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// This diary's `client_id`; the profile's by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mnemonic: Option<String>,
    /// `iss` of ЕСИА's tokens; `http://esia.gosuslugi.ru/` by default. With OpenID Connect it is the base URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Certificate that tokens are checked with, PEM. Default: fetched from `/public/RSA_TESIA.cer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// How long an answer is waited for, milliseconds; 10000 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// Protocol of sign-ins: `esia`, or `oidc` for OpenID Connect. Default: the server's `--protocol`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// `client_secret` for OpenID Connect; that of the built-in registration by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
}
