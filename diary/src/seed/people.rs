//! Pupils, parents and the school's employees, each under a key of the document.

use chrono::NaiveDate;
use esia::Snils;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::register::{Relation, Role};

/// The diary's own sign-in, good while the profile allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PasswordLogin {
    /// «Имя пользователя» of the diary's own sign-in.
    pub login: String,
    /// «Пароль» of the diary's own sign-in.
    pub password: String,
    /// Where the letter goes when the password is forgotten.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A parent in the school's journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ParentSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Whether the administrator has made the parent an active user; not by default (R000.2).
    #[serde(default)]
    pub active: bool,
    /// What the parent is to the children, where that counts (R004.3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Relation>,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// Series and number of a birth certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateSeed {
    /// Roman number, hyphen, two Cyrillic letters: `I-ОО`.
    pub series: String,
    /// Six digits as text.
    pub number: String,
}

/// A pupil in the school's journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PupilSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// Date of birth, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub born: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Birth certificate as the school has it. Without one it is not compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birth_certificate: Option<CertificateSeed>,
    /// Key of the school; the first one by default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school: String,
    /// Name of the class.
    #[serde(default)]
    pub class: String,
    /// The phone that the parents gave the school (R004.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Keys of the parents on the pupil's card.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// Somebody who works at a school.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StaffSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Key of the school; the first one by default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school: String,
    /// What the person does there; an administrator by default.
    #[serde(default = "administrator")]
    pub roles: Vec<Role>,
    /// Classes whose class teacher this is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<String>,
    /// What is taught where.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub teaches: Vec<TeachesSeed>,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

fn administrator() -> Vec<Role> {
    vec![Role::Administrator]
}

/// A subject taught to a class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TeachesSeed {
    /// Name of the class.
    pub class: String,
    /// Name of the subject.
    pub subject: String,
}
