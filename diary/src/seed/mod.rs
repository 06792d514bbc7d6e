//! Section `diary` of a seed document. Values are texts here and are read by [`Seed::check`], so that a mistake is told
//! with its place: `diary.pupils.ваня.snils`.

mod read;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use esia::Snils;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Section `diary` of a seed document: the provider and the school's register.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Seed {
    /// Gosuslugi, as this diary knows them.
    pub provider: ProviderSeed,
    /// The school.
    pub school: SchoolSeed,
    /// The first day without passwords, `ГГГГ-ММ-ДД`; 2024-04-01 by default (R000.1).
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
    /// Marks.
    pub marks: Vec<MarkSeed>,
    /// Lessons that were missed, or begun late.
    pub attendance: Vec<AttendanceSeed>,
}

/// The provider of sign-ins.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct ProviderSeed {
    /// Base URL. Default: the server's `--idp`, and `/w/{name}` for any world but `main`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// This diary's `client_id`; `RYAZAN-DIARY` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mnemonic: Option<String>,
    /// `iss` of the tokens; `http://esia.gosuslugi.ru/` by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Certificate that tokens are checked with, PEM. Default: fetched from `/public/RSA_TESIA.cer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// How long an answer is waited for, milliseconds; 10000 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
}

/// The school.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct SchoolSeed {
    /// Its name.
    pub name: String,
    /// Where the feedback form is: a path of this server or another address. Default: the diary's own, `/feedback`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub feedback_url: Option<String>,
}

/// The diary's own sign-in, good until `password-until`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PasswordLogin {
    /// «Имя пользователя».
    pub login: String,
    /// «Пароль».
    pub password: String,
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
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// Series and number of a birth certificate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateSeed {
    /// `I-ОО`.
    pub series: String,
    /// Six digits.
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
    /// Name of the class.
    #[serde(default)]
    pub class: String,
    /// Keys of the parents on the pupil's card.
    #[serde(default)]
    pub parents: Vec<String>,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// An administrator of the school's side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct StaffSeed {
    /// «Фамилия Имя Отчество».
    pub name: String,
    /// СНИЛС as the school has it.
    #[schemars(with = "Snils")]
    pub snils: String,
    /// Sign-in of the time before Gosuslugi.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_login: Option<PasswordLogin>,
}

/// A day of the school week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Weekday {
    #[serde(rename = "понедельник")]
    Monday,
    #[serde(rename = "вторник")]
    Tuesday,
    #[serde(rename = "среда")]
    Wednesday,
    #[serde(rename = "четверг")]
    Thursday,
    #[serde(rename = "пятница")]
    Friday,
    #[serde(rename = "суббота")]
    Saturday,
}

impl Weekday {
    /// The day in Russian.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Monday => "понедельник",
            Self::Tuesday => "вторник",
            Self::Wednesday => "среда",
            Self::Thursday => "четверг",
            Self::Friday => "пятница",
            Self::Saturday => "суббота",
        }
    }
}

/// A class.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassSeed {
    /// Lessons of each day in order.
    pub timetable: BTreeMap<Weekday, Vec<String>>,
}

/// A mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkSeed {
    /// Key of the pupil.
    pub pupil: String,
    /// Subject.
    pub subject: String,
    /// Day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// 1 to 5.
    #[schemars(range(min = 1, max = 5))]
    pub mark: u8,
}

/// Why a pupil was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendanceStatus {
    /// Was not there.
    Absent,
    /// Came late.
    Late,
    /// Was ill.
    Ill,
}

/// A lesson missed, or begun late.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceSeed {
    /// Key of the pupil.
    pub pupil: String,
    /// Day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// Subject.
    pub subject: String,
    /// What was the matter.
    pub status: AttendanceStatus,
}
