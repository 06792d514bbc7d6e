//! Section `diary` of a seed document. Values are texts here and are read by [`Seed::check`], so that a mistake is told
//! with its place: `diary.pupils.ваня.snils`.

mod read;

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use esia::Snils;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    profile::{ProfileSeed, Service},
    register::{Relation, Role},
    signin::Protocol,
};

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
    /// Marks.
    pub marks: Vec<MarkSeed>,
    /// Lessons that were missed, or begun late.
    pub attendance: Vec<AttendanceSeed>,
    /// Homework.
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
    /// So many pupils, 25 in a class, each with two parents; each class with a teacher, a timetable, marks, attendance
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
    /// `iss` of ЕСИА's tokens; `http://esia.gosuslugi.ru/` by default. At the OpenID Connect door it is the base URL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub issuer: Option<String>,
    /// Certificate that tokens are checked with, PEM. Default: fetched from `/public/RSA_TESIA.cer`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// How long an answer is waited for, milliseconds; 10000 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout_ms: Option<u32>,
    /// Through which of its doors people come: `esia`, or `oidc` for OpenID Connect. Default: the server's `--protocol`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub protocol: Option<Protocol>,
    /// `client_secret` at the OpenID Connect door; that of the built-in registration by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub secret: Option<String>,
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
    /// Its services, beside those of the profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
}

/// A school beside the first one.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct OtherSchoolSeed {
    /// Its name.
    pub name: String,
    /// Its services, beside those of the profile.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<Service>,
    /// Its classes by name.
    pub classes: BTreeMap<String, ClassSeed>,
}

/// The diary's own sign-in, good while the profile allows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PasswordLogin {
    /// «Имя пользователя».
    pub login: String,
    /// «Пароль».
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
    /// Subject.
    pub subject: String,
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
    /// The school day of a date; none on Sunday.
    pub fn of(date: NaiveDate) -> Option<Self> {
        match date.weekday() {
            chrono::Weekday::Mon => Some(Self::Monday),
            chrono::Weekday::Tue => Some(Self::Tuesday),
            chrono::Weekday::Wed => Some(Self::Wednesday),
            chrono::Weekday::Thu => Some(Self::Thursday),
            chrono::Weekday::Fri => Some(Self::Friday),
            chrono::Weekday::Sat => Some(Self::Saturday),
            chrono::Weekday::Sun => None,
        }
    }

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
    /// How many ordinary marks it counts for, 1 to 10; 1 by default.
    #[serde(default = "one")]
    #[schemars(range(min = 1, max = 10))]
    pub weight: u8,
    /// What for, as «контрольная работа».
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub work: String,
}

fn one() -> u8 {
    1
}

/// Homework.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HomeworkSeed {
    /// Key of the school; the first one by default.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub school: String,
    /// Name of the class.
    pub class: String,
    /// Subject.
    pub subject: String,
    /// Day of the lesson, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub date: String,
    /// What to do.
    pub text: String,
}

/// A term.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TermSeed {
    /// As «1 четверть».
    pub title: String,
    /// First day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub from: String,
    /// Last day, `ГГГГ-ММ-ДД`.
    #[schemars(with = "NaiveDate")]
    pub to: String,
}

/// Why a pupil was not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendanceStatus {
    /// Was not there, no reason given.
    Absent,
    /// Came after the lesson had begun.
    Late,
    /// Was ill.
    Ill,
}

impl AttendanceStatus {
    /// All of them, in the order in which pages offer them.
    pub(crate) const ALL: [Self; 3] = [Self::Absent, Self::Ill, Self::Late];

    /// As in seeds, forms and JSON.
    pub(crate) const fn code(self) -> &'static str {
        match self {
            Self::Absent => "absent",
            Self::Late => "late",
            Self::Ill => "ill",
        }
    }

    /// On a page.
    pub const fn text(self) -> &'static str {
        match self {
            Self::Absent => "не был",
            Self::Late => "опоздал",
            Self::Ill => "болел",
        }
    }

    /// Its colour.
    pub const fn tone(self) -> &'static str {
        match self {
            Self::Absent => "bad",
            Self::Late => "warn",
            Self::Ill => "",
        }
    }
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
